package io.ketju.tests.simulation;

import io.ketju.actors.message.WorkerCommand;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What copies in memory a run that lost a worker asked the others for, and whether it went on from there. */
final class AskedCopies {
    private final Map<Node, Set<Integer>> asked = new LinkedHashMap<>();
    private @Nullable Node asker;
    private int next;
    private long step;
    private int used;

    /** A worker takes up the question of a driver. Those of starts before the last one that asked are of no use. */
    void asks(@Nullable Node driver, Node worker, WorkerCommand.SendCopies question) {
        int incarnation = question.next().incarnation();
        if (incarnation > next) {
            next = incarnation;
            step = question.step();
            asker = driver;
            asked.clear();
        }
        if (incarnation == next) {
            asked.computeIfAbsent(worker, node -> new HashSet<>()).addAll(question.stages());
        }
    }

    /**
     * A start begins: the one that was asked for, or one behind it, if that came to nothing. Another driver knows nothing of the question.
     *
     * @param completed the step that it goes on behind
     * @param stages of the run
     * @return what is wrong with that: nobody who could have kept it from a newer step was ever disturbed
     */
    Optional<String> begins(int incarnation, Node driver, long completed, int stages) {
        if (incarnation < next || asked.isEmpty()) {
            return Optional.empty();
        }
        if (completed == step) {
            used++;
        }
        if (driver.disturbed() || driver != asker) {
            return Optional.empty();
        }
        Set<Integer> there = new HashSet<>();
        asked.forEach((worker, had) -> {
            if (worker.alive() && !worker.disturbed()) {
                there.addAll(had);
            }
        });
        List<Node> givers = List.copyOf(asked.keySet());
        asked.clear();
        return completed < step && there.size() == stages
                ? Optional.of("start " + incarnation + " went on after step " + completed + ", and " + givers
                        + " had copies of all stages after step " + step)
                : Optional.empty();
    }

    /** Starts that went on from copies in memory. */
    int used() {
        return used;
    }
}
