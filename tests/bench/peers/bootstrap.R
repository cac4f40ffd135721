# BCa interval of a rate ratio, 10,000 resamples of 1,000 people, by the package boot: median milliseconds of five runs, by the clock and of the processor, for a
# statistic of the indices and one in matrix form (a product of frequencies and rows). Both get the left-out values for the
# acceleration in matrix form too, instead of boot.ci's own regression on 10,000 x 1,000 frequencies, which is slower.
suppressMessages(library(boot))
i <- 0:999
years <- 0.25 + 0.75 * ((i * 37) %% 101) / 100
events <- ifelse((i * i * 7 + 3 * i) %% 11 < ifelse(i %% 2 == 1, 3, 4), (i * 13) %% 7, 0)
treated <- i %% 2
d <- cbind(events * treated, years * treated, events * (1 - treated), years * (1 - treated))
ratio <- function(s) s[1] / s[2] / (s[3] / s[4])
total <- colSums(d)
left_out <- { s <- rep(total, each = nrow(d)) - d; s[, 1] / s[, 2] / (s[, 3] / s[, 4]) }
influence <- (nrow(d) - 1) * (mean(left_out) - left_out)
ways <- list(indices = function() boot(d, function(d, k) ratio(colSums(d[k, ])), R = 10000),
             matrix = function() boot(d, function(d, f) ratio(f %*% d), R = 10000, stype = "f"))
for (way in names(ways)) {
  clock <- processor <- numeric(5)
  for (run in 1:5) {
    set.seed(run)
    took <- system.time({ b <- ways[[way]](); ci <- boot.ci(b, type = "bca", L = influence) })
    clock[run] <- 1000 * took[["elapsed"]]
    processor[run] <- 1000 * (took[["user.self"]] + took[["sys.self"]])
  }
  cat(sprintf("boot %s, %s: %.0f ms, processor %.0f ms, last interval %.4f to %.4f\n", packageVersion("boot"), way, median(clock),
              median(processor), ci$bca[4], ci$bca[5]))
}
