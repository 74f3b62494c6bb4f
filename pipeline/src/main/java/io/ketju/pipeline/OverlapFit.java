package io.ketju.pipeline;

import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Stretch;
import io.ketju.pipeline.schedule.StretchValidator;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What a recipe may not ask for where training windows overlap, each with the one line that says so. */
final class OverlapFit {
    private OverlapFit() {}

    /** Throws {@link IllegalArgumentException} if a schedule's overlap is not legal, or does not fit a recipe. */
    static void require(String schedule, Overlap overlap, Recipe recipe) {
        int most = Overlap.MOST_WINDOWS;
        if (overlap.windowsInFlight() > most) {
            throw new IllegalArgumentException("expected at most " + most
                    + " updates under way at once, and so as many ranks, found " + overlap.windowsInFlight());
        }
        if (!recipe.objectives().isEmpty()) {
            throw new IllegalArgumentException("expected a job without objectives, as updates overlap, found "
                    + recipe.objectives().stream().map(Objective::name).toList() + "; 1F1B takes them");
        }
        if (recipe.search().isPresent()) {
            throw new IllegalArgumentException("expected an optimizer whose step is one window, as updates of " + schedule
                    + " overlap, found " + recipe.optimizer() + "; schedules with a flush take it");
        }
        if (recipe.rules().skips()) {
            throw new IllegalArgumentException("expected non-finite-gradients = stop, as updates of " + schedule
                    + " overlap and the next has begun when one is skipped, found "
                    + recipe.rules().nonFinite() + "; schedules with a flush skip");
        }
        if (overlap.ofMicrobatches()) {
            requireUpdates(schedule, recipe);
        }
        if (overlap.weights() == Overlap.Weights.PREDICTED) {
            requirePredictions(schedule, recipe);
        }
        for (int windows = 1; windows <= 3 * overlap.windowsInFlight(); windows++) {
            StretchValidator.requireLegal(Stretch.of(overlap, Collections.nCopies(windows, recipe.mostMicrobatches())));
        }
        StretchValidator.requireLegal(Stretch.of(overlap, ragged(overlap, recipe.mostMicrobatches())));
    }

    /** What an update after every micro-batch rules out. */
    private static void requireUpdates(String schedule, Recipe recipe) {
        String because = ", as " + schedule + " updates after every micro-batch";
        if (recipe.mostMicrobatches() > 1) {
            throw new IllegalArgumentException(
                    "expected mini-batches of one micro-batch" + because + ", found " + recipe.mostMicrobatches());
        }
        if (recipe.clipGradNorm().isPresent()) {
            throw new IllegalArgumentException("expected no bound on the norm of all gradients" + because
                    + ", on no two ranks at once, found "
                    + recipe.clipGradNorm().get()
                    + "; PipeDream2BW and schedules with a flush take it");
        }
        if (recipe.rules().tellsGradNorm()) {
            throw new IllegalArgumentException("expected nobody to ask for the norm of all gradients" + because
                    + ", on no two ranks at once; PipeDream2BW and schedules with a flush tell it");
        }
        if (recipe.rates(0) instanceof ReduceLROnPlateau plateau) {
            throw new IllegalArgumentException(
                    "expected learning rates that depend on the step alone" + because + ", found " + plateau);
        }
    }

    /** What foretold weights rule out. */
    private static void requirePredictions(String schedule, Recipe recipe) {
        for (String parameter : recipe.model().weights()) {
            recipe.optimizers()
                    .of(parameter)
                    .filter(optimizer -> !optimizer.predicts())
                    .ifPresent(optimizer -> {
                        throw new IllegalArgumentException("parameter '" + parameter
                                + "': expected SGD with momentum, Adam or AdamW, as " + schedule
                                + " runs forwards on what the optimizer will have made of the weights, found "
                                + optimizer);
                    });
        }
    }

    /** Windows of all numbers of micro-batches, in a fixed mixed order. */
    private static List<Integer> ragged(Overlap overlap, int microbatches) {
        return IntStream.range(0, 3 * overlap.windowsInFlight() + microbatches)
                .map(i -> 1 + (5 * i + i / 3) % microbatches)
                .boxed()
                .toList();
    }
}
