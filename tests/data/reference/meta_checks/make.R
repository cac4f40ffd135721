# Writes expected.json beside this file with metafor 3.8-1: influence, trim and fill, subgroups, on the log risk ratios of
# ../05_meta. Run in this folder.
suppressMessages({library(metafor)})
number <- function(x) paste(format(x, digits = 17, trim = TRUE), collapse = ", ")
field <- function(name, x) sprintf('"%s": [%s]', name, number(as.numeric(x)))
ctl <- list(threshold = 1e-15, maxiter = 20000)
one <- function(file, moderator) {
  d <- read.csv(file.path("../05_meta", file))
  es <- escalc(measure = "RR", ai = x1, n1i = n1, ci = x0, n2i = n0, data = d)
  yi <- as.numeric(es$yi); vi <- as.numeric(es$vi)
  group <- rep(1:3, length.out = nrow(d))
  infl <- function(m) {
    i <- influence(m)
    parts <- c("rstudent", "dffits", "cook.d", "cov.r", "tau2.del", "QE.del", "hat", "weight")
    paste(c(sapply(parts, function(p) field(p, i$inf[[p]])),
            sprintf('"dfbs": [%s]', number(unlist(lapply(seq_len(m$p), function(j) i$dfbs[[j]])))),
            field("is_infl", i$is.infl)), collapse = ",\n   ")
  }
  m <- rma(yi, vi, method = "REML", control = ctl)
  k <- rma(yi, vi, method = "DL", test = "knha")
  tf <- lapply(c("FE", "DL"), function(me) trimfill(rma(yi, vi, method = me)))
  out <- c(sprintf('"influence_reml": {\n   %s}', infl(m)), sprintf('"influence_dl_knapp_hartung": {\n   %s}', infl(k)))
  if (moderator) {
    x <- rma(yi, vi, mods = ~ d$ablat, method = "DL")
    kx <- rma(yi, vi, mods = ~ d$ablat + vi, method = "DL", test = "knha")
    out <- c(out, sprintf('"influence_moderator_dl": {\n   %s}', infl(x)),
             sprintf('"two_moderators_dl_knapp_hartung": {%s, %s, %s}', field("coef", kx$b), field("QM", kx$QM), field("QMp", kx$QMp)))
  }
  for (j in 1:2) out <- c(out, sprintf('"trim_and_fill_%s": {"side": "%s", %s, %s, %s, %s}', c("fe", "dl")[j], tf[[j]]$side,
                                       field("k0", tf[[j]]$k0), field("estimate", tf[[j]]$b), field("se", tf[[j]]$se), field("filled", tf[[j]]$yi[tf[[j]]$fill])))
  common <- rma(yi, vi, mods = ~ factor(group), method = "DL")
  cells <- rma(yi, vi, mods = ~ factor(group) - 1, method = "DL")
  sep <- lapply(1:3, function(g) rma(yi[group == g], vi[group == g], method = "DL"))
  b <- rma(sapply(sep, function(s) as.numeric(s$b)), sapply(sep, function(s) s$se^2), method = "FE")
  out <- c(out, sprintf('"subgroups_common_dl": {%s, %s, %s, %s, %s}', field("QM", common$QM), field("QMp", common$QMp), field("estimate", cells$b), field("se", cells$se), field("tau2", cells$tau2)),
           sprintf('"subgroups_separate_dl": {%s, %s, %s, %s, %s}', field("Q", b$QE), field("p", b$QEp), field("estimate", sapply(sep, function(s) s$b)), field("se", sapply(sep, function(s) s$se)), field("tau2", sapply(sep, function(s) s$tau2))))
  sprintf('"%s": {\n  %s\n }', sub(".csv", "", file), paste(out, collapse = ",\n  "))
}
writeLines(sprintf("{\n %s\n}", paste(c(one("bcg.csv", TRUE), one("catheters.csv", FALSE)), collapse = ",\n ")), "expected.json")
