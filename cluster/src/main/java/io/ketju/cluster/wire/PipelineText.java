package io.ketju.cluster.wire;

import io.ketju.layers.loss.Losses;
import io.ketju.layers.model.ModelText;
import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.LearningRateSchedules;
import io.ketju.layers.optimizer.Optimizers;
import io.ketju.layers.optimizer.ParameterGroup;
import io.ketju.layers.optimizer.Penalty;
import io.ketju.layers.optimizer.WeightAverages;
import io.ketju.pipeline.Averaging;
import io.ketju.pipeline.NonFiniteGradients;
import io.ketju.pipeline.Objective;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.StepRules;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.ScheduleSet;
import io.ketju.protocol.control.Pipeline;
import io.ketju.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** A pipeline's description as text, to be built again in another JVM. */
final class PipelineText {
    private PipelineText() {}

    static Pipeline write(PipelineSpec spec) {
        Recipe recipe = spec.recipe();
        Pipeline.Builder builder = Pipeline.newBuilder()
                .addAllInputShape(Arrays.stream(recipe.model().inputShape().toArray())
                        .boxed()
                        .toList())
                .addAllLayers(ModelText.print(recipe.model()))
                .setLoss(recipe.loss().spec().toString())
                .setOptimizer(recipe.optimizer().spec().toString())
                .addAllParameterGroups(
                        recipe.groups().stream().map(ParameterGroup::toString).toList())
                .addAllObjectives(
                        recipe.objectives().stream().map(PipelineText::write).toList())
                .setLearningRateSchedule(recipe.learningRateSchedule().spec().toString())
                .addAllRankOfStage(spec.placement().rankOfStage())
                .addAllSchedules(spec.scheduleTexts())
                .addAllRecomputing(spec.recomputing())
                .setWire(spec.wire().toString())
                .setSharedState(spec.sharesState())
                .addAllStageBounds(spec.partition().bounds())
                .setBatchSize(recipe.batchSize())
                .setMicrobatches(recipe.microbatches())
                .setTotalSteps(recipe.totalSteps())
                .setSeed(recipe.seed())
                .setOptimizerSteps(recipe.optimizerSteps());
        if (!spec.counts().alike()) {
            builder.addAllReplicas(spec.counts().ofStage());
        }
        write(recipe.rules(), builder);
        return builder.build();
    }

    private static void write(StepRules rules, Pipeline.Builder builder) {
        rules.clipGradNorm().ifPresent(bound -> builder.setClipGradNorm(bound.maxNorm()));
        rules.clipGradValue().ifPresent(bound -> builder.setClipGradValue(bound.clipValue()));
        if (rules.skips()) {
            builder.setNonFiniteGradients(rules.nonFinite().toString());
        }
        builder.setGradNorm(rules.tellsGradNorm())
                .setAccumulate(rules.accumulate())
                .setGradientGroups(rules.gradientGroups())
                .setHistogramSteps(rules.histogramSteps());
        rules.penalties().forEach(penalty -> builder.addPenalties(penalty.toString()));
        rules.average()
                .ifPresent(kept ->
                        builder.setAverage(kept.rule().spec().toString()).setStepsPerEpoch(kept.stepsPerEpoch()));
    }

    private static StepRules rules(Pipeline proto) {
        StepRules rules = StepRules.NONE
                .with(proto.getPenaltiesList().stream().map(Penalty::parse).toList())
                .accumulating(proto.getAccumulate())
                .inGroups(proto.getGradientGroups())
                .countingEvery(proto.getHistogramSteps());
        if (proto.hasClipGradNorm()) {
            rules = rules.with(new ClipGradNorm(proto.getClipGradNorm()));
        }
        if (proto.hasClipGradValue()) {
            rules = rules.with(new ClipGradValue(proto.getClipGradValue()));
        }
        if (!proto.getNonFiniteGradients().isEmpty()) {
            rules = rules.with(NonFiniteGradients.parse(proto.getNonFiniteGradients()));
        }
        if (proto.getGradNorm()) {
            rules = rules.tellingGradNorm();
        }
        if (!proto.getAverage().isEmpty()) {
            rules = rules.with(new Averaging(WeightAverages.parse(proto.getAverage()), proto.getStepsPerEpoch()));
        }
        return rules;
    }

    static PipelineSpec read(Pipeline proto) {
        int[] shape =
                proto.getInputShapeList().stream().mapToInt(Integer::intValue).toArray();
        Recipe recipe = new Recipe(
                ModelText.parse(Shape.of(shape), proto.getLayersList()),
                Losses.parse(proto.getLoss()),
                Optimizers.parse(proto.getOptimizer()),
                proto.getParameterGroupsList().stream()
                        .map(ParameterGroup::parse)
                        .toList(),
                proto.getObjectivesList().stream().map(PipelineText::read).toList(),
                LearningRateSchedules.parse(proto.getLearningRateSchedule()),
                proto.getBatchSize(),
                proto.getMicrobatches(),
                proto.getTotalSteps(),
                proto.getSeed(),
                proto.getOptimizerSteps(),
                rules(proto));
        return new PipelineSpec(
                recipe,
                new Partition(proto.getStageBoundsList()),
                placement(proto),
                schedule(proto.getSchedulesList()),
                Set.copyOf(proto.getRecomputingList()),
                Wire.parse(proto.getWire()),
                proto.getSharedState());
    }

    private static Placement placement(Pipeline proto) {
        int stages = proto.getStageBoundsCount() - 1;
        List<Integer> ranks = proto.getRankOfStageList();
        return new Placement(
                ranks,
                proto.getReplicasCount() == 0
                        ? ReplicaCounts.alike(ranks.size() / stages, stages)
                        : new ReplicaCounts(proto.getReplicasList()));
    }

    private static Schedule schedule(List<String> texts) {
        List<Schedule> schedules = texts.stream().map(Schedules::parse).toList();
        return schedules.size() == 1 ? schedules.getFirst() : new ScheduleSet(schedules);
    }

    private static io.ketju.protocol.control.Objective write(Objective objective) {
        return io.ketju.protocol.control.Objective.newBuilder()
                .setName(objective.name())
                .addAllHeads(objective.heads())
                .addAllParameters(objective.parameters())
                .setRates(objective.rates().spec().toString())
                .build();
    }

    private static Objective read(io.ketju.protocol.control.Objective proto) {
        return new Objective(
                proto.getName(),
                proto.getHeadsList(),
                proto.getParametersList(),
                LearningRateSchedules.parse(proto.getRates()));
    }
}
