package io.ketju.actors.checkpoint;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A command of this machine that has ended. */
record Command(int code, String said) {
    /** Runs it to its end; one that is not there ends with 127, as in a shell. */
    static Command run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return new Command(process.waitFor(), said);
        } catch (IOException e) {
            return new Command(127, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What has to succeed. */
    static void require(String... command) {
        Command ended = run(List.of(command));
        if (ended.code() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + ended);
        }
    }

    /** Skips a test, and says so, where a command that it needs does not succeed. */
    static void assume(String what, String... command) {
        assumeThat(run(List.of(command)).code()).as(what).isZero();
    }
}
