package io.ketju.actors.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A process of its own that takes checkpoints of a small run, one after the other, until something is in its way. */
final class CheckpointProcess {
    /** Begins the line that says what was in the way; it ends with {@link #FAILED} then. */
    static final String FAILURE = "failed: ";

    static final int FAILED = 1;

    /** Begins the line behind a checkpoint, before its step. */
    static final String COMMITTED = "committed ";

    private CheckpointProcess() {}

    /** The command that starts it: the steps from the first to the last, in a run that was started. */
    static List<String> command(Path run, long first, long last) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CheckpointProcess.class.getName(),
                run.toString(),
                Long.toString(first),
                Long.toString(last));
    }

    public static void main(String[] arguments) {
        SmallRun run = new SmallRun(Path.of(arguments[0]));
        try {
            for (long step = Long.parseLong(arguments[1]); step <= Long.parseLong(arguments[2]); step++) {
                run.commit(step);
                System.out.println(COMMITTED + step);
            }
        } catch (IOException | DamagedCheckpointException e) {
            System.out.println(FAILURE + e.getMessage());
            System.exit(FAILED);
        }
    }
}
