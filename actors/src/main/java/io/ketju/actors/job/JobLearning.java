package io.ketju.actors.job;

import io.ketju.layers.loss.Loss;
import io.ketju.layers.model.Model;
import io.ketju.layers.optimizer.Adam;
import io.ketju.layers.optimizer.ConstantLR;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.Optimizer;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.WeightAverage;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What a job says of how it learns: which parameters by which optimizer, at which rates, and what else belongs to a step. */
final class JobLearning {
    private Optimizer optimizer = new Adam();
    private final List<ParameterGroup> groups = new ArrayList<>();
    private final List<Objective> objectives = new ArrayList<>();
    private LearningRateSchedule rates = new ConstantLR();
    private StepRules rules = StepRules.NONE;
    private Optional<WeightAverage> average = Optional.empty();
    /** Data epochs between histograms; 0: none. */
    private int histogramEpochs;
    /** Of micro-batches. */
    private int gradientGroups = 1;

    void optimizer(Optimizer value) {
        optimizer = value;
    }

    void group(ParameterGroup value) {
        groups.add(value);
    }

    void objective(Objective value) {
        objectives.add(value);
    }

    void rates(LearningRateSchedule value) {
        rates = value;
    }

    void rules(UnaryOperator<StepRules> change) {
        rules = change.apply(rules);
    }

    void average(WeightAverage value) {
        average = Optional.of(value);
    }

    void histograms(int epochs) {
        histogramEpochs = epochs;
    }

    void gradientGroups(int value) {
        gradientGroups = value;
    }

    private void checkGroups(JobData data) {
        String key = JobKey.GRADIENT_GROUPS.path();
        JobChecks.atLeast(key, gradientGroups, 1);
        int most = data.partsOfWindow();
        if (gradientGroups > most) {
            throw new InvalidJobException(key + ": expected at most " + most + ", as many as a step has micro-batches"
                    + (data.splits() ? " with a schedule that updates after each" : "") + ", found "
                    + gradientGroups);
        }
    }

    /** With the optimizer and the rates. */
    Recipe plain(Model model, Loss loss, JobData data, long totalSteps, long seed) {
        checkGroups(data);
        rules(all -> all.accumulating(data.accumulated()).inGroups(gradientGroups));
        return new Recipe(
                model, loss, optimizer, rates, data.samplesOfWindow(), data.partsOfWindow(), totalSteps, seed);
    }

    /**
     * With all else.
     *
     * @param plain of {@link #plain}
     * @param stepsPerEpoch of the whole job; 0 if nobody knows
     */
    Recipe recipe(Recipe plain, long stepsPerEpoch) {
        Recipe grouped = JobChecks.naming("parameter-groups", () -> plain.withGroups(groups));
        Recipe aimed = JobChecks.naming("objectives", () -> grouped.withObjectives(objectives));
        StepRules all = average.map(kept -> rules.with(new Averaging(kept, Math.max(1, stepsPerEpoch))))
                .orElse(rules)
                .countingEvery(histogramSteps(stepsPerEpoch));
        return JobChecks.optimizers(JobChecks.naming("penalties", () -> aimed.with(all)));
    }

    private long histogramSteps(long stepsPerEpoch) {
        JobChecks.atLeast(JobKey.HISTOGRAMS.path(), histogramEpochs, 0);
        return Math.multiplyExact(Math.max(1, stepsPerEpoch), (long) histogramEpochs);
    }
}
