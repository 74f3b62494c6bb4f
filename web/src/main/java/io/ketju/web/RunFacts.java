package io.ketju.web;

import io.ketju.actors.job.TrainingJob;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.List;

/**
 * What does not change in a run unless its model is cut anew: the job, its stages as planned, and a step of the plan by modelled times.
 *
 * @param version another for facts that are others: from 1 on, 0 is none
 * @param workers JVMs that hold stages
 */
record RunFacts(int version, TrainingJob job, int workers, List<StagePlan> stages, ScheduleSimulation plan) {
    /** Of a run with updates that overlap so many are shown. */
    private static final int OVERLAPPING = 3;

    static RunFacts of(int version, TrainingJob job, int workers) {
        int windows = job.pipeline().overlap().isPresent() ? OVERLAPPING : 1;
        return new RunFacts(
                version,
                job,
                workers,
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
        List<String> names = new ArrayList<>(List.of("samples_per_second", "bubble"));
        names.addAll(rates());
        return List.copyOf(names);
    }

    /** Names of the learning rates that steps tell. */
    List<String> rates() {
        return job.pipeline().recipe().rateNames();
    }
}
