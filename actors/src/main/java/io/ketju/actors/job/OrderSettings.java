package io.ketju.actors.job;

import io.ketju.pipeline.Wire;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import java.util.List;

/** What a {@link JobBuilder} is told of the stages and of who does what when; {@code B} is that builder. */
abstract class OrderSettings<B> extends LearningSettings<B> {
    final JobOrder order = new JobOrder();

    /**
     * What every rank does when; 1F1B unless this is called.
     *
     * @param value of a {@link io.ketju.pipeline.schedule.ScheduleSet} the run begins with the first: {@link
     *     io.ketju.actors.run.Training#schedule} has the next step take another, with the same bits
     * @return this
     */
    public B schedule(Schedule value) {
        order.schedule(value);
        return self();
    }

    /**
     * Which rank runs which stage; unless this is called, that is up to the schedule: mostly a rank for each stage.
     *
     * @param value one that the schedule takes
     * @return this
     */
    public B placement(Placement value) {
        order.placement(value);
        return self();
    }

    /**
     * Cuts the model into stages of balanced cost, in place of a cut by hand; one stage unless this is called.
     *
     * @param value 1 to {@link JobLimits#STAGES}, no more than layers
     * @return this
     */
    public B stages(int value) {
        order.stages(value);
        return self();
    }

    /**
     * Cuts the model by hand, in place of a number of stages.
     *
     * @param value index of the first layer of every stage, then the number of layers
     * @return this
     */
    public B stageBounds(List<Integer> value) {
        order.bounds(value);
        return self();
    }

    /**
     * Which stages run every forward again before its backward, so as to hold less meanwhile; none unless this is called.
     *
     * @param value the stages, or how much memory a rank may take
     * @return this
     */
    public B recompute(Recompute value) {
        order.recompute(value);
        return self();
    }

    /**
     * As what activations and gradients travel between stages; as float32 unless this is called.
     *
     * @param value where it rounds, the cut decides the numbers, too
     * @return this
     */
    public B wire(Wire value) {
        order.wire(value);
        return self();
    }

    /**
     * Replicas that share the micro-batches of a step, each by whole gradient groups; one of each stage unless this is called.
     *
     * @param ofStages of all stages, or of each of them; at least 1, and each divides the number of gradient groups
     * @return this
     */
    public B replicas(int... ofStages) {
        order.replicas(ofStages);
        return self();
    }

    /**
     * Whether each replica of a stage keeps optimizer state of its share of the parameters alone; not unless this is called.
     *
     * @param value true for a job with several replicas alone
     * @return this
     */
    public B shardOptimizer(boolean value) {
        order.sharesState(value);
        return self();
    }

    /**
     * Groups of micro-batches that add up their weight gradients before these are added up; 1 unless this is called.
     *
     * @param value 1 to the micro-batches of a step
     * @return this
     */
    public B gradientGroups(int value) {
        learning.gradientGroups(value);
        return self();
    }
}
