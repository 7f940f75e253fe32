# Recomputes the figures of analysis.json with R's own functions, from the CSV file itself.
#
#   Rscript tests/reference/reference.R FILE.csv analysis.json
#
# Prints every figure that differs, with both values, and how many were compared; exits 1 if one differs or none was
# compared. Figures must agree to 1e-10 of their size, p-values to 1e-6 where R can tell them from 0. Reads plain files:
# a header, numbers with a decimal point, perhaps thousands separators and a unit. What the product takes from a sample
# of very many rows is counted as skipped.
suppressPackageStartupMessages(library(jsonlite))

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) != 2) stop("usage: Rscript reference.R FILE.csv analysis.json")
analysis <- fromJSON(arguments[2], simplifyVector = FALSE)

# ---- comparing ----

compared <- 0
failed <- 0
skipped <- 0

report <- function(what, ours, expected) {
  failed <<- failed + 1
  text <- function(x) if (is.null(x)) "nothing" else format(x, digits = 17)
  cat(sprintf("%s: %s, but R says %s\n", what, text(ours), text(expected)))
}

# Both absent, or equal but for `tolerance` of their size or of `scale`, whichever is larger.
check <- function(what, ours, expected, tolerance = 1e-10, scale = 0) {
  compared <<- compared + 1
  if (length(expected) == 1 && !is.finite(expected)) expected <- NULL
  if (is.null(ours) && is.null(expected)) return(invisible())
  if (is.null(ours) || is.null(expected) || abs(ours - expected) > tolerance * max(abs(expected), scale))
    report(what, ours, expected)
}

check_p <- function(what, ours, expected) {
  if (is.null(ours) || is.nan(expected) || expected > 1e-290) return(check(what, ours, expected, 1e-6))
  compared <<- compared + 1
  if (ours > 1e-280) report(what, ours, expected)
}

check_same <- function(what, ours, expected) {
  compared <<- compared + 1
  if (!identical(as.character(unlist(ours)), as.character(unlist(expected)))) report(what, unlist(ours), unlist(expected))
}

# ---- reading ----

missing_words <- c("", "-", "--", ".", "?", "NA", "N/A", "n/a", "#N/A", "#NA", "<NA>", "NaN", "nan", "NULL", "Null",
                   "null", "(null)", "nil", "\\N", "\u2014", "\u2013")

cells <- read.csv(arguments[1], sep = analysis$file$delimiter, colClasses = "character", na.strings = character(0),
                  check.names = FALSE, encoding = "UTF-8", quote = "\"", comment.char = "")
cells <- lapply(cells, function(x) gsub("^[ \t]+|[ \t]+$", "", x))
names(cells) <- vapply(analysis$columns, function(column) column$name, "")
types <- vapply(analysis$columns, function(column) column$type, "")
names(types) <- names(cells)
# Of a file too large to keep, what needs an order is that of a sample.
is_sampled <- analysis$file$rows_kept < analysis$file$rows

# Numbers, with NA for whatever is none.
numbers_of <- function(name) {
  x <- gsub(",", "", cells[[name]], fixed = TRUE)
  unit <- analysis$columns[[match(name, names(cells))]]$numbers$unit
  if (!is.null(unit) && nchar(unit) > 0) x <- trimws(gsub(unit, "", x, fixed = TRUE))
  plain <- grepl("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$", x)
  as.numeric(ifelse(plain, x, NA))
}

# Texts, with NA for missing ones and for those that are too rare to be compared. NULL if ties make it unclear which.
texts_of <- function(name) {
  x <- cells[[name]]
  x[x %in% missing_words] <- NA
  if (types[[name]] == "boolean") return(tolower(x))
  counts <- sort(table(x), decreasing = TRUE)
  if (length(counts) <= 50) return(x)
  if (counts[50] == counts[51]) return(NULL)
  x[!x %in% names(counts)[1:50]] <- NA
  x
}

# ---- columns ----

outliers <- function(x, low, high) list(low = low, high = high, below = sum(x < low), above = sum(x > high))

check_outliers <- function(what, ours, expected, scale) {
  check(paste(what, "low"), ours$low, expected$low, scale = scale)
  check(paste(what, "high"), ours$high, expected$high, scale = scale)
  check(paste(what, "below"), ours$below, expected$below)
  check(paste(what, "above"), ours$above, expected$above)
}

# D'Agostino (1970), Anscombe and Glynn (1983); written from the papers.
omnibus <- function(g1, b2, n) {
  y <- g1 * sqrt((n + 1) * (n + 3) / (6 * (n - 2)))
  beta2 <- 3 * (n^2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
  w2 <- -1 + sqrt(2 * (beta2 - 1))
  a <- sqrt(2 / (w2 - 1))
  z1 <- log(y / a + sqrt((y / a)^2 + 1)) / sqrt(log(sqrt(w2)))
  x <- (b2 - 3 * (n - 1) / (n + 1)) / sqrt(24 * n * (n - 2) * (n - 3) / ((n + 1)^2 * (n + 3) * (n + 5)))
  root <- 6 * (n^2 - 5 * n + 2) / ((n + 7) * (n + 9)) * sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
  A <- 6 + 8 / root * (2 / root + sqrt(1 + 4 / root^2))
  ratio <- (1 - 2 / A) / (1 + x * sqrt(2 / (A - 4)))
  z2 <- (1 - 2 / (9 * A) - sign(ratio) * abs(ratio)^(1 / 3)) / sqrt(2 / (9 * A))
  z1^2 + z2^2
}

top_tenth_share <- function(x) {
  if (min(x) < 0 || max(x) == 0) return(0)
  falling <- sort(x, decreasing = TRUE)
  tenth <- length(x) / 10
  weights <- pmax(0, pmin(1, tenth - seq_along(x) + 1))
  sum(falling * weights) / sum(x)
}

check_numbers <- function(name, column, x) {
  ours <- column$numbers
  n <- length(x)
  size <- mean(abs(x))
  what <- function(figure) paste0(name, ": ", figure)
  check(what("min"), ours$min, min(x))
  check(what("max"), ours$max, max(x))
  check(what("sum"), ours$sum, sum(x), scale = size * n)
  check(what("mean"), ours$mean, mean(x), scale = size)
  check(what("variance"), ours$variance, if (n >= 2) var(x))
  check(what("standard deviation"), ours$standard_deviation, if (n >= 2) sd(x))
  deviations <- x - mean(x)
  varies <- any(x != x[1])
  g1 <- mean(deviations^3) / mean(deviations^2)^1.5
  b2 <- mean(deviations^4) / mean(deviations^2)^2
  check(what("skewness"), ours$skewness, if (n >= 3 && varies) g1 * sqrt(n * (n - 1)) / (n - 2), scale = 1)
  check(what("kurtosis"), ours$kurtosis,
        if (n >= 4 && varies) (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (b2 - 3) + 6), scale = 1)
  k2 <- if (n >= 20 && varies) omnibus(g1, b2, n)
  check(what("normality K squared"), ours$normality$k_squared, k2, 1e-8)
  if (!is.null(k2)) check_p(what("normality p"), ours$normality$p, pchisq(k2, 2, lower.tail = FALSE))
  check(what("zeros"), ours$zeros, sum(x == 0))
  check(what("negatives"), ours$negatives, sum(x < 0))
  if (is_sampled) {
    skipped <<- skipped + 1
    return(invisible())
  }
  check(what("values in order"), ours$order_n, n)
  q <- quantile(x, c(0.05, 0.25, 0.5, 0.75, 0.95), names = FALSE, type = 7)
  for (i in 1:5) {
    figure <- c("percentile_5", "first_quartile", "median", "third_quartile", "percentile_95")[i]
    check(what(figure), ours[[figure]], q[i], scale = size)
  }
  spread <- mad(x, constant = 1)
  check(what("MAD"), ours$median_absolute_deviation, spread, scale = size)
  reach <- 1.5 * (q[4] - q[2])
  check_outliers(what("Tukey's outliers,"), ours$tukey, outliers(x, q[2] - reach, q[4] + reach), size)
  reach <- 3.5 * spread / 0.6745
  check_outliers(what("robust outliers,"), ours$robust,
                 if (spread > 0) outliers(x, median(x) - reach, median(x) + reach), size)
  check(what("top tenth's share"), ours$top_tenth_share, top_tenth_share(x))
}

check_histogram <- function(name, distribution, x) {
  edges <- unlist(distribution$edges)
  bins <- findInterval(x, edges, rightmost.closed = TRUE, left.open = FALSE)
  check_same(paste0(name, ": histogram"), distribution$counts, tabulate(bins, length(edges) - 1))
}

check_top_values <- function(name, column, x) {
  if (!column$distinct_is_exact) return(invisible())
  check(paste0(name, ": distinct"), column$distinct, length(unique(x)))
  counts <- sort(as.vector(table(x)), decreasing = TRUE)
  ours <- vapply(column$top_values, function(value) value$count, 0)
  check_same(paste0(name, ": counts of the top values"), ours, head(counts, 10))
}

check_column <- function(name, column) {
  x <- cells[[name]]
  check(paste0(name, ": rows"), column$count + column$missing + column$invalid, length(x))
  if (!is.null(column$numbers)) {
    x <- numbers_of(name)
    x <- x[!is.na(x)]
    check(paste0(name, ": count"), column$count, length(x))
    check_numbers(name, column, x)
    if (!is.null(column$distribution) && !is_sampled) check_histogram(name, column$distribution, x)
  } else if (types[[name]] %in% c("category", "text", "identifier")) {
    x <- x[!x %in% missing_words]
    check(paste0(name, ": count"), column$count, length(x))
    if (!is.null(column$texts)) {
      lengths <- nchar(x, "chars")
      check(paste0(name, ": shortest"), column$texts$length_min, min(lengths))
      check(paste0(name, ": longest"), column$texts$length_max, max(lengths))
      check(paste0(name, ": mean length"), column$texts$length_mean, mean(lengths))
    }
  } else {
    return(invisible())
  }
  check_top_values(name, column, x)
}

# ---- relations ----

# Each gives the strength and the p of the strongest measure, or NULL where it was skipped.

check_correlation <- function(what, ours, x, y, method) {
  if (is.null(ours)) return(NULL)
  common <- sum(!is.na(x) & !is.na(y))
  if (ours$n != common && common > 1e5) {
    skipped <<- skipped + 1
    return(NULL)
  }
  check(paste(what, "n"), ours$n, common)
  test <- suppressWarnings(cor.test(x, y, method = method, exact = FALSE))
  r <- unname(test$estimate)
  check(paste(what, "r"), ours$r, r, scale = 1e-3)
  # Near a straight line, p hangs on the last digit of r.
  if (1 - abs(r) > 1e-9) check_p(paste(what, "p"), ours$p, test$p.value)
  list(strength = abs(r), p = test$p.value)
}

check_number_pair <- function(what, pair) {
  x <- numbers_of(pair$first)
  y <- numbers_of(pair$second)
  results <- list(check_correlation(paste(what, "Pearson's"), pair$pearson, x, y, "pearson"),
                  check_correlation(paste(what, "Spearman's"), pair$spearman, x, y, "spearman"))
  if (any(vapply(results, is.null, TRUE))) return(NULL)
  if (results[[2]]$strength > results[[1]]$strength) results[[2]] else results[[1]]
}

check_groups <- function(what, groups, category, number) {
  counts <- sort(table(category), decreasing = TRUE)
  check(paste(what, "groups shown"), length(groups), min(12, length(counts)))
  check_same(paste(what, "sizes of the groups"), sort(vapply(groups, function(g) g$n, 0), decreasing = TRUE),
             head(as.vector(counts), 12))
  means <- vapply(groups, function(g) g$mean, 0)
  check_same(paste(what, "order of the groups"), order(-means), seq_along(means))
  for (group in groups) {
    x <- number[category == group$label | category == tolower(group$label)]
    name <- paste(what, group$label)
    size <- mean(abs(x))
    check(paste(name, "n"), group$n, length(x))
    check(paste(name, "mean"), group$mean, mean(x), scale = size)
    q <- quantile(x, c(0.25, 0.5, 0.75), names = FALSE, type = 7)
    check(paste(name, "first quartile"), group$first_quartile, q[1], scale = size)
    check(paste(name, "median"), group$median, q[2], scale = size)
    check(paste(name, "third quartile"), group$third_quartile, q[3], scale = size)
  }
}

check_difference <- function(what, pair) {
  category <- texts_of(pair$first)
  number <- numbers_of(pair$second)
  if (is.null(category) || length(number) > 1e5) return(NULL)
  common <- !is.na(category) & !is.na(number)
  category <- category[common]
  number <- number[common]
  ours <- pair$difference
  check(paste(what, "n"), ours$n, length(number))
  check(paste(what, "groups"), ours$groups, length(unique(category)))
  table <- suppressWarnings(anova(lm(number ~ category)))
  eta_squared <- table$`Sum Sq`[1] / sum(table$`Sum Sq`)
  check(paste(what, "eta squared"), ours$eta_squared, eta_squared, scale = 1e-6)
  if (1 - eta_squared > 1e-9) {
    check(paste(what, "F"), ours$f, table$`F value`[1], scale = 1e-3)
    check_p(paste(what, "p"), ours$p, table$`Pr(>F)`[1])
  }
  if (length(pair$groups) > 0) check_groups(what, pair$groups, category, number)
  list(strength = sqrt(eta_squared), p = table$`Pr(>F)`[1])
}

check_association <- function(what, pair) {
  first <- texts_of(pair$first)
  second <- texts_of(pair$second)
  if (is.null(first) || is.null(second) || length(first) > 1e5) return(NULL)
  counts <- table(first, second)
  counts <- counts[rowSums(counts) > 0, colSums(counts) > 0, drop = FALSE]
  n <- sum(counts)
  test <- suppressWarnings(chisq.test(counts, correct = FALSE))
  ours <- pair$association
  check(paste(what, "n"), ours$n, n)
  check(paste(what, "chi-squared"), ours$chi_squared, unname(test$statistic), scale = 1e-3)
  check(paste(what, "degrees of freedom"), ours$degrees_of_freedom, unname(test$parameter))
  check_p(paste(what, "p"), ours$p, test$p.value)
  check_same(paste(what, "small cells"), ours$has_small_cells, mean(test$expected < 5) > 0.2)
  sizes <- dim(counts)
  phi2 <- unname(test$statistic) / n
  check(paste(what, "V"), ours$cramers_v_uncorrected, sqrt(phi2 / (min(sizes) - 1)), scale = 1e-3)
  excess <- max(0, phi2 - prod(sizes - 1) / (n - 1))
  most <- min(sizes - (sizes - 1)^2 / (n - 1)) - 1
  v <- if (excess > 0 && most > 0) min(1, sqrt(excess / most)) else 0
  check(paste(what, "corrected V"), ours$cramers_v, v, scale = 1e-3)
  check_cross_table(what, pair$cross_table, counts)
  list(strength = v, p = test$p.value)
}

check_cross_table <- function(what, ours, counts) {
  if (is.null(ours)) return(invisible())
  fold <- function(labels, known) ifelse(labels %in% known, labels, tolower(labels))
  rows <- fold(unlist(ours$row_labels), rownames(counts))
  columns <- fold(unlist(ours$column_labels), colnames(counts))
  check_same(paste(what, "cross table"), ours$counts, t(counts[rows, columns, drop = FALSE]))
  check_same(paste(what, "rows of the cross table"), sort(unname(rowSums(counts)[rows]), decreasing = TRUE),
             head(sort(unname(rowSums(counts)), decreasing = TRUE), 8))
}

check_pair <- function(pair) {
  what <- paste0(pair$first, " and ", pair$second, ":")
  result <- if (!is.null(pair$pearson)) check_number_pair(what, pair)
            else if (!is.null(pair$difference)) check_difference(what, pair)
            else check_association(what, pair)
  if (is.null(result)) {
    skipped <<- skipped + 1
    return(list(strength = NA, p = NA))
  }
  check(paste(what, "strength"), pair$strength, result$strength, scale = 1e-3)
  result
}

check_relations <- function(relations) {
  comparable <- sum(types %in% c("integer", "real", "category", "boolean"))
  check("columns compared", relations$columns_compared + relations$columns_left_out, comparable)
  check("pairs", length(relations$pairs) + relations$undefined, choose(relations$columns_compared, 2))
  results <- lapply(relations$pairs, check_pair)
  strengths <- vapply(relations$pairs, function(pair) pair$strength, 0)
  check_same("order of the relations", order(-strengths), seq_along(strengths))
  p <- vapply(results, function(result) result$p, 0)
  if (anyNA(p)) {
    skipped <<- skipped + 1
    return(invisible())
  }
  adjusted <- p.adjust(p, "BH")
  for (i in seq_along(p)) {
    pair <- relations$pairs[[i]]
    if (strengths[i] < 1 - 1e-9)
      check_p(paste0(pair$first, " and ", pair$second, ": adjusted p"), pair$p_adjusted, adjusted[i])
  }
}

# ---- all ----

check("rows", analysis$file$rows, length(cells[[1]]))
check("columns", length(analysis$columns), length(cells))
for (column in analysis$columns) check_column(column$name, column)
check_relations(analysis$relations)
cat(sprintf("%d figures compared, %d differ, %d skipped\n", compared, failed, skipped))
quit(status = if (failed > 0 || compared == 0) 1 else 0)
