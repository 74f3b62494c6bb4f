package io.ketju.deploy.command;

import io.ketju.actors.worker.WorkerEvent;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a worker does, one line each.
 *
 * @param meeting where the worker's cluster meets: {@code host:port}
 * @param machine what computes here
 */
record WorkerLines(String meeting, String machine) {
    private static final int LONGEST = 300;

    String of(WorkerEvent event) {
        return printable(
                switch (event) {
                    case WorkerEvent.Listening here ->
                        "worker " + here.address() + " for the cluster at " + meeting + ", " + machine;
                    case WorkerEvent.Joined joined -> "ready: joined the cluster at " + meeting;
                    case WorkerEvent.Assigned assigned ->
                        "run " + assigned.run() + ": assigned " + stages(assigned.stages()) + " of " + assigned.of();
                    case WorkerEvent.Started started -> "run " + started.run() + ": started, all neighbours connected";
                    case WorkerEvent.HandingOver leaving ->
                        "run " + leaving.run() + ": about to end, hands over " + stages(leaving.stages());
                    case WorkerEvent.Ended ended -> "run " + ended.run() + ": ended: " + ended.reason();
                });
    }

    private static String stages(List<Integer> stages) {
        return (stages.size() == 1 ? "stage " : "stages ")
                + stages.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** Names and reasons come from another process: nothing in them may move the cursor or break the line. */
    private static String printable(String line) {
        String plain = line.replaceAll("\\p{Cntrl}+", " ");
        return plain.length() <= LONGEST ? plain : plain.substring(0, LONGEST) + "...";
    }
}
