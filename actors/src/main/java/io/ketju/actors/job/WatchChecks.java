package io.ketju.actors.job;

import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.ReportedMetric;
import io.ketju.layers.model.HeadMetric;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import io.ketju.layers.optimizer.ReduceLROnPlateau.Watched;
import io.ketju.layers.spec.NearestName;
import io.ketju.pipeline.Recipe;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What a job watches must be measured: learning-rate schedules and rules of the best epoch go by a metric of an epoch. */
final class WatchChecks {
    private final Recipe recipe;
    private final boolean epochs;
    private final boolean tests;
    private final long stepsPerEpoch;

    private WatchChecks(Recipe recipe, boolean epochs, boolean tests, long stepsPerEpoch) {
        this.recipe = recipe;
        this.epochs = epochs;
        this.tests = tests;
        this.stepsPerEpoch = stepsPerEpoch;
    }

    static WatchChecks of(Recipe recipe, JobData data, JobData.Sources sources) {
        return new WatchChecks(
                recipe,
                data.handedSteps().isEmpty(),
                sources.test().isPresent(),
                sources.train().stepsPerEpoch());
    }

    /** Throws {@link InvalidJobException} if a schedule, or the rule, watches what there is not. */
    void require(Optional<BestEpochRule> rule) {
        requireHistograms();
        for (int i = 0; i < Math.max(1, recipe.objectives().size()); i++) {
            if (recipe.rates(i) instanceof ReduceLROnPlateau plateau) {
                require("learning-rate-schedule: " + plateau + ": ", plateau.metric(), plateau.data());
            }
        }
        rule.ifPresent(best -> {
            JobKey key = best.patience().isPresent() ? JobKey.EARLY_STOPPING : JobKey.BEST_CHECKPOINT;
            require(key.path() + ": " + best + ": ", best.metric(), best.data());
        });
    }

    private void requireHistograms() {
        long steps = recipe.rules().histogramSteps();
        if (steps > 0 && !epochs) {
            throw new InvalidJobException(
                    JobKey.HISTOGRAMS.path() + ": expected none, as a session has no data epochs, found some");
        }
        if (steps > recipe.totalSteps()) {
            long most = recipe.totalSteps() / stepsPerEpoch;
            throw new InvalidJobException(JobKey.HISTOGRAMS.path() + ": expected at most " + most + ", as the job has "
                    + Plural.of(most, "epoch") + ", found " + steps / stepsPerEpoch + ": no epoch would have any");
        }
    }

    private void require(String where, String metric, Watched data) {
        if (!epochs) {
            throw new InvalidJobException(where + "expected one that goes by steps, as a session has no data epochs");
        }
        List<String> measured = measured();
        if (!measured.contains(metric)) {
            throw new InvalidJobException(where + "metric: expected one of " + measured + ", found '"
                    + Excerpt.of(metric) + "'" + NearestName.hint(metric, measured));
        }
        boolean train = data == Watched.TRAIN;
        if (train && told(metric).anyMatch(Metric::collects)) {
            throw new InvalidJobException(where + "expected data=test for a metric of all values together, which no"
                    + " checkpoint within an epoch has, found data=train");
        }
        if (!train && !tests) {
            throw new InvalidJobException(where + "expected data=train, as the job has no test data, found data=test");
        }
    }

    private List<String> measured() {
        List<String> measured = new ArrayList<>(List.of(HeadMetric.LOSS));
        HeadMetric.of(recipe.model().heads()).stream()
                .filter(told -> !told.table()
                        && told.metric()
                                .filter(ReportedMetric.class::isInstance)
                                .isEmpty())
                .forEach(told -> measured.add(told.name()));
        return measured;
    }

    private Stream<Metric> told(String name) {
        return HeadMetric.of(recipe.model().heads()).stream()
                .filter(told -> told.name().equals(name))
                .flatMap(told -> told.metric().stream());
    }
}
