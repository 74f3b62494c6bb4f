package io.ketju.actors.coordinator;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A worker that a run lost.
 *
 * @param address where it was reached: {@code host:port}
 * @param stages what it held
 * @param completedSteps steps that all stages had taken by then
 */
public record LostWorker(String address, List<Integer> stages, long completedSteps) {
    public LostWorker {
        stages = List.copyOf(stages);
    }

    /** {@code worker 127.0.0.1:43571 with stage 1 was lost after step 37}. */
    public String line() {
        return line("worker " + address, "was lost");
    }

    /** The same line about a worker that is called otherwise and whose fate is known better. */
    public String line(String name, String fate) {
        String held = stages.stream().map(String::valueOf).collect(Collectors.joining(", "));
        String when = completedSteps == 0 ? "before the first step" : "after step " + completedSteps;
        return name + " with " + (stages.size() == 1 ? "stage " : "stages ") + held + " " + fate + " " + when;
    }
}
