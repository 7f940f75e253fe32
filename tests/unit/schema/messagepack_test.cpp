// Our reader and writer beside msgpack-cxx, which shares nothing with them.
#include <catch2/catch.hpp>
#include <cstdint>
#include <limits>
#include <msgpack.hpp>
#include <random>
#include <string>
#include <vector>

#include "schema/document.hpp"
#include "schema/packer.hpp"

using namespace circuit::schema;

namespace {

using Theirs = msgpack::packer<msgpack::sbuffer>;

std::string text_of(const msgpack::sbuffer& buffer) { return {buffer.data(), buffer.size()}; }

// What both write for the same value.
template <class Ours, class Reference>
void same(const Ours& ours, const Reference& reference) {
  std::string out;
  Packer packer(out);
  ours(packer);
  msgpack::sbuffer buffer;
  Theirs theirs(buffer);
  reference(theirs);
  REQUIRE(out == text_of(buffer));
}

const std::vector<std::uint64_t> edges = [] {
  std::vector<std::uint64_t> values = {0, std::numeric_limits<std::uint64_t>::max()};
  for (unsigned bit = 0; bit < 64; ++bit)
    for (const std::uint64_t near : {-1, 0, 1}) values.push_back((std::uint64_t{1} << bit) + near);
  return values;
}();

// A value of any kind, nested, with maps whose keys differ.
void write_any(Theirs& out, std::mt19937_64& chance, int depth) {
  const auto number = static_cast<std::uint32_t>(chance());
  const std::string text(number % 300, static_cast<char>('a' + number % 26));
  switch (number / 1000 % (depth > 0 ? 9 : 7)) {
    case 0: out.pack_nil(); break;
    case 1: number % 2 ? out.pack_true() : out.pack_false(); break;
    case 2: out.pack_uint64(chance() >> chance() % 64); break;
    case 3: out.pack_int64(static_cast<std::int64_t>(chance()) >> chance() % 64); break;
    case 4: out.pack_double(number % 2 ? 1.5e300 : -0.25); break;
    case 5:
      out.pack_str(static_cast<std::uint32_t>(text.size()))
          .pack_str_body(text.data(), static_cast<std::uint32_t>(text.size()));
      break;
    case 6:
      out.pack_bin(static_cast<std::uint32_t>(text.size()))
          .pack_bin_body(text.data(), static_cast<std::uint32_t>(text.size()));
      break;
    case 7:
      out.pack_array(number % 20);
      for (unsigned i = 0; i < number % 20; ++i) write_any(out, chance, depth - 1);
      break;
    default:
      out.pack_map(number % 20);
      for (unsigned i = 0; i < number % 20; ++i) {
        out.pack(std::string(i + 1, 'k'));
        write_any(out, chance, depth - 1);
      }
  }
}

}  // namespace

TEST_CASE("numbers are written as msgpack-cxx writes them") {
  for (const std::uint64_t value : edges) {
    same([&](Packer& p) { p.natural(value); }, [&](Theirs& p) { p.pack_uint64(value); });
    const auto with_sign = static_cast<std::int64_t>(value);
    same([&](Packer& p) { p.integer(with_sign); }, [&](Theirs& p) { p.pack_int64(with_sign); });
  }
  // msgpack-cxx writes 2.0 as the integer 2. A float stays a float here: a client gets its metadata back as it sent
  // them.
  for (const double value : {-1.5, 1e300, 0.1})
    same([&](Packer& p) { p.real(value); }, [&](Theirs& p) { p.pack_double(value); });
  std::string two;
  Packer(two).real(2.0);
  REQUIRE(two == std::string("\xcb\x40\0\0\0\0\0\0\0", 9));
  same([](Packer& p) { p.boolean(true).boolean(false).nil(); },
       [](Theirs& p) { p.pack_true().pack_false().pack_nil(); });
}

TEST_CASE("texts, arrays and maps of every size have the heads that msgpack-cxx gives them") {
  for (const std::uint32_t size : {0u, 1u, 15u, 16u, 31u, 32u, 255u, 256u, 65'535u, 65'536u, 70'000u}) {
    const std::string text(size, 'x');
    same([&](Packer& p) { p.text(text); }, [&](Theirs& p) { p.pack_str(size).pack_str_body(text.data(), size); });
    same([&](Packer& p) { p.binary(text); }, [&](Theirs& p) { p.pack_bin(size).pack_bin_body(text.data(), size); });
    same([&](Packer& p) { p.array(size); }, [&](Theirs& p) { p.pack_array(size); });
    same([&](Packer& p) { p.map(size); }, [&](Theirs& p) { p.pack_map(size); });
  }
}

TEST_CASE("what msgpack-cxx writes is read, and written again as it was") {
  std::mt19937_64 chance(20'261'128);
  Document document;
  for (int i = 0; i < 500; ++i) {
    msgpack::sbuffer buffer;
    Theirs theirs(buffer);
    write_any(theirs, chance, 4);
    const std::string bytes = text_of(buffer);
    const auto wrong = document.parse(bytes, {.depth_max = 8, .nodes_max = 1'000'000, .map_pairs_max = 64});
    INFO(wrong.value_or(""));
    REQUIRE_FALSE(wrong);
    std::string again;
    Packer(again).value(document.root());
    const auto ours = msgpack::unpack(again.data(), again.size());
    const auto reference = msgpack::unpack(bytes.data(), bytes.size());
    REQUIRE(ours.get() == reference.get());
  }
}

TEST_CASE("every piece of a message is refused as one that ends too soon, and no byte is read behind its end") {
  std::mt19937_64 chance(4711);
  Document document;
  for (int i = 0; i < 50; ++i) {
    msgpack::sbuffer buffer;
    Theirs theirs(buffer);
    theirs.pack_array(2);
    write_any(theirs, chance, 2);
    write_any(theirs, chance, 1);
    for (std::size_t size = 1; size < buffer.size(); ++size) {
      // Memory of its own, so that a sanitizer sees what is read behind it.
      const std::vector<char> piece(buffer.data(), buffer.data() + size);
      REQUIRE(document.parse({piece.data(), piece.size()}) == "the message ends in the middle of a value");
    }
  }
}
