package io.ketju.actors.coordinator;

import io.ketju.pipeline.schedule.Schedule;
import java.util.List;

/** Which of a job's schedules the next steps of a run take. Any thread may change it, the coordinator asks. */
public final class ScheduleSwitch {
    private final List<String> names;
    private volatile int chosen;

    /**
     * One that begins with the first of the alternatives.
     *
     * @param schedule of the job, with its alternatives, itself among them
     */
    public ScheduleSwitch(Schedule schedule) {
        names = schedule.alternatives().stream().map(Schedule::name).toList();
    }

    /**
     * Has steps that begin from now on take another schedule.
     *
     * @param schedule one of the alternatives, by its name
     * @throws IllegalArgumentException with one line if it is none of them
     */
    public void choose(Schedule schedule) {
        int index = names.indexOf(schedule.name());
        if (index < 0) {
            throw new IllegalArgumentException(
                    "schedule " + schedule.name() + ": expected one that the job names, found " + schedule.name()
                            + " beside " + names + "; name all in the job: schedule(ScheduleSet.of(...))");
        }
        chosen = index;
    }

    /** Position of the one that a step which begins now takes. */
    int chosen() {
        return chosen;
    }
}
