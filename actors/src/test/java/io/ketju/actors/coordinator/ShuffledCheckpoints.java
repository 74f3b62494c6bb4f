package io.ketju.actors.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.message.RunFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * A run with checkpoints every step, whose stages, shard writers and manifest writer answer in a random order, and which may be
 * stopped, or fail, at a random moment. What must hold is looked at after every event.
 */
final class ShuffledCheckpoints {
    /** 3 epochs of 4 steps and 1 evaluation; a checkpoint after every step. */
    private static final RunLength SIZES = new RunLength(1, 4, 1, 3, 1, 1, true, false, false);

    private static final int STAGES = CoordinatorDriver.STAGES;

    private final Random random;
    private final String name;
    private final List<String> log = new ArrayList<>();
    private final CoordinatorDriver driver = new CoordinatorDriver(CoordinatorDriver.machine(SIZES, 0), log);
    /** What each of them has still to answer: the stages, then their writers, then that of the manifest. */
    private final List<Deque<CoordinatorEvent>> answers = new ArrayList<>();

    private int read;
    private long asked = -1;
    private long committed;
    private int copiedStages;
    private boolean granting = true;

    ShuffledCheckpoints(Random random, String name) {
        this.random = random;
        this.name = name;
        for (int i = 0; i <= 2 * STAGES; i++) {
            answers.add(new ArrayDeque<>());
        }
    }

    void runToEnd() {
        int disturbed = random.nextInt(3) == 0 ? Integer.MAX_VALUE : random.nextInt(150);
        driver.start();
        listen();
        for (int event = 0; log.stream().noneMatch(line -> line.startsWith("end")); event++) {
            if (event == disturbed) {
                driver.on(disturbance());
            } else if (!answerOne()) {
                driver.releaseAll();
            }
            listen();
            assertThat(event).as(name).isLessThan(1000);
        }
        if (disturbed == Integer.MAX_VALUE) {
            assertThat(log).as(name).contains("end Optional.empty Optional.empty");
            assertThat(committed).as(name).isEqualTo(12);
        }
        assertThat(asked == committed || failed())
                .as(name + ": the last one was waited for")
                .isTrue();
    }

    private CoordinatorEvent disturbance() {
        return switch (random.nextInt(4)) {
            case 0 -> new CoordinatorEvent.StopRequested("enough");
            case 1 -> new CoordinatorEvent.Failed(new RunFailure.BadData("broken"));
            case 2 -> new CoordinatorEvent.WorkerLost(0, CoordinatorDriver.LOST);
            default -> new CoordinatorEvent.Failed(new RunFailure.ShardNotWritten(1, 2, "disk full"));
        };
    }

    private boolean failed() {
        return log.stream().anyMatch(line -> line.startsWith("end Optional["));
    }

    private boolean answerOne() {
        List<Integer> able = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (!answers.get(i).isEmpty()) {
                able.add(i);
            }
        }
        if (able.isEmpty()) {
            return false;
        }
        int who = able.get(random.nextInt(able.size()));
        CoordinatorEvent event = answers.get(who).removeFirst();
        if (event instanceof CoordinatorEvent.ShardReady ready) {
            copiedStages++;
            answers.get(STAGES + ready.stage())
                    .add(new CoordinatorEvent.ShardSaved(
                            ready.stage(), ready.step(), CoordinatorDriver.shard(ready.stage())));
        }
        driver.on(event);
        return true;
    }

    private void listen() {
        for (; read < log.size(); read++) {
            String[] words = log.get(read).split(" ", -1);
            switch (words[0]) {
                case "grant" -> granted(Long.parseLong(words[1]));
                case "save" -> save(Long.parseLong(words[1]));
                case "commit" -> answers.getLast().add(new CoordinatorEvent.ManifestCommitted(commit(words[1])));
                case "copied" -> granting = true;
                case "awaited" -> committed = Long.parseLong(words[2]);
                case "checkpoint" -> committed = Long.parseLong(words[1]);
                default -> {}
            }
        }
    }

    private void granted(long window) {
        assertThat(granting)
                .as("%s: window %d while copies are taken", name, window)
                .isTrue();
        for (int stage = 0; stage < STAGES; stage++) {
            answers.get(stage).add(CoordinatorDriver.finished(stage, window));
        }
    }

    private void save(long step) {
        assertThat(asked == -1 || asked == committed)
                .as("%s: one at a time, at step %d", name, step)
                .isTrue();
        for (int stage = 0; stage < STAGES; stage++) {
            assertThat(answers.get(stage))
                    .as("%s: a boundary, at step %d", name, step)
                    .isEmpty();
            answers.get(stage).add(new CoordinatorEvent.ShardReady(stage, step));
        }
        asked = step;
        copiedStages = 0;
        granting = false;
    }

    private long commit(String step) {
        assertThat(copiedStages).as("%s: shards of step %s", name, step).isEqualTo(STAGES);
        assertThat(Long.parseLong(step)).as(name).isEqualTo(asked);
        return asked;
    }
}
