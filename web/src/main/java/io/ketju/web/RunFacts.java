package io.ketju.web;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.stage.StagePlan;
import java.util.List;

/**
 * What does not change in a run unless its model is cut anew: the job, its stages as planned, and a step of the plan by modelled times.
 *
 * @param version another for facts that are others: from 1 on, 0 is none
 * @param workers JVMs that hold stages
 * @param rated whether the learning rate of steps is known
 */
record RunFacts(
        int version, TrainingJob job, int workers, boolean rated, List<StagePlan> stages, ScheduleSimulation plan) {
    /** Of a run with updates that overlap so many are shown. */
    private static final int OVERLAPPING = 3;

    static RunFacts of(int version, TrainingJob job, int workers, boolean rated) {
        int windows = job.pipeline().overlap().isPresent() ? OVERLAPPING : 1;
        return new RunFacts(
                version,
                job,
                workers,
                rated,
                StagePlan.all(job.pipeline()),
                LayerTimes.modelled(job.pipeline())
                        .simulate(job.pipeline(), job.pipeline().picture(windows)));
    }

    /** Names of what is measured, the loss first. */
    List<String> metrics() {
        return LiveRun.metrics(job);
    }

    /** Names of the columns of steps behind the metrics. */
    List<String> speed() {
        return rated
                ? List.of("samples_per_second", "bubble", "learning_rate")
                : List.of("samples_per_second", "bubble");
    }
}
