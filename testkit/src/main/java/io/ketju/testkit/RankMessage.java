package io.ketju.testkit;

import io.ketju.actors.run.TensorValues;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.pipeline.stage.Window;
import java.util.List;

/** One thing that a rank heard, did or said. */
public sealed interface RankMessage {
    /**
     * {@return this as a line of text, for expectations in files and in tests: tensors by type and checksum of their bits}
     */
    String line();

    /** What comes from outside: to be told to a rank under test. */
    sealed interface Heard extends RankMessage {
        /** {@return the number of the window that it belongs to} */
        long number();
    }

    /**
     * The coordinator grants a window.
     *
     * @param window with its number, phase and denominators
     */
    record Granted(Window window) implements Heard {
        @Override
        public long number() {
            return window.number();
        }

        @Override
        public String line() {
            return "window " + window.number() + " granted: " + window.phase() + ", step " + window.step() + ", "
                    + window.microbatches() + " micro-batches of " + window.samples() + " samples";
        }
    }

    /**
     * A tensor comes in.
     *
     * @param from the stage that made it, or {@link StagePorts#FEEDER}
     * @param to one of the rank's stages
     * @param key which tensor of which micro-batch
     * @param values copied when it came
     */
    record Arrived(int from, int to, TensorKey key, TensorValues values) implements Heard {
        @Override
        public long number() {
            return key.window();
        }

        @Override
        public String line() {
            return "<- " + text(key) + " from " + stage(from) + ": " + values + " " + Values.checksum(values);
        }
    }

    /**
     * The sums of all stages are agreed.
     *
     * @param number of the window
     * @param sums over the whole model, in the order of its parameters
     */
    record SumsAgreed(long number, List<Double> sums) implements Heard {
        /** Copies the list. */
        public SumsAgreed {
            sums = List.copyOf(sums);
        }

        @Override
        public String line() {
            return "<- sums of window " + number + ": " + sums;
        }
    }

    /**
     * An action starts.
     *
     * @param window its number
     * @param action one of the rank's list
     */
    record Ran(long window, Action action) implements RankMessage {
        @Override
        public String line() {
            return "run " + action;
        }
    }

    /**
     * A tensor leaves.
     *
     * @param from one of the rank's stages
     * @param to a stage, also of the same rank, or {@link StagePorts#FEEDER}
     * @param key which tensor of which micro-batch
     * @param values copied when it left
     */
    record Sent(int from, int to, TensorKey key, TensorValues values) implements RankMessage {
        @Override
        public String line() {
            return "-> " + text(key) + " to " + stage(to) + ": " + values + " " + Values.checksum(values);
        }
    }

    /**
     * A stage tells its sums.
     *
     * @param stage one of the rank's
     * @param window its number
     * @param sums of the stage's parameters, in their order
     */
    record SumsMade(int stage, long window, List<Double> sums) implements RankMessage {
        /** Copies the list. */
        public SumsMade {
            sums = List.copyOf(sums);
        }

        @Override
        public String line() {
            return "-> sums of stage " + stage + ": " + sums;
        }
    }

    /**
     * A stage has finished a window.
     *
     * @param stage one of the rank's
     * @param window its number
     */
    record Finished(int stage, long window) implements RankMessage {
        @Override
        public String line() {
            return "-> stage " + stage + " finished window " + window;
        }
    }

    private static String text(TensorKey key) {
        return key.kind() + " " + key.edge() + ", micro-batch " + key.microbatch();
    }

    private static String stage(int stage) {
        return stage == StagePorts.FEEDER ? "the feeder" : "stage " + stage;
    }
}
