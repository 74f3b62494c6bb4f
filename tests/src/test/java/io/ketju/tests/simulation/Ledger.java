package io.ketju.tests.simulation;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.TracedAction;
import io.ketju.tests.simulation.disk.ForgetfulDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What must never happen, whatever fails. The first that does is kept. */
final class Ledger {
    private static final Pattern INCARNATION = Pattern.compile("\"incarnation\"\\s*:\\s*([0-9]+)");
    private static final Pattern SHARD = Pattern.compile("stage-[0-9]+\\.incarnation-([0-9]+)\\.safetensors");
    private static final Pattern STEP = Pattern.compile("step-([0-9]+)");

    private record Applied(int incarnation, long window, Window.Phase phase, Action action) {}

    private final ForgetfulDisk disk;
    private final Set<Applied> applied = new HashSet<>();
    /** By step. */
    private final Map<Long, Integer> committedBy = new HashMap<>();

    private long committed;
    private long announced;
    private int incarnation;
    private @Nullable String violation;

    Ledger(ForgetfulDisk disk) {
        this.disk = disk;
    }

    Optional<String> violation() {
        return Optional.ofNullable(violation);
    }

    void violated(String what) {
        if (violation == null) {
            violation = what;
        }
    }

    /** The number of the last start. */
    int incarnation() {
        return incarnation;
    }

    /** A rank has computed something. */
    void applied(int of, TracedAction action) {
        if (!applied.add(new Applied(of, action.window(), action.phase(), action.action()))) {
            violated("start " + of + " computed " + action.action() + " of window " + action.window() + " twice");
        }
    }

    /** The step of the newest checkpoint that was announced. */
    long announced() {
        return announced;
    }

    /** A new driver has its number. */
    void drives(int of) {
        if (of <= incarnation) {
            violated("a start got the number " + of + " after one had " + incarnation);
        }
        incarnation = of;
    }

    /** A driver begins with the step after this. */
    void begins(long completed) {
        if (completed < announced) {
            violated("a start went back to step " + completed + " after the checkpoint of step " + announced
                    + " had been announced");
        }
        committed = completed;
    }

    /** A checkpoint is announced: it survives whatever comes. */
    void announced(long step) {
        if (step <= announced && committedBy.getOrDefault(step, 0) == incarnation) {
            violated("step " + step + " was announced after step " + announced);
        }
        announced = Math.max(announced, step);
    }

    /** A shard has got its name. */
    void shard(Path file) {
        int of = Integer.parseInt(only(SHARD, file.toString()));
        if (of != incarnation) {
            violated("start " + of + " wrote " + file + " when start " + incarnation + " was the latest");
        }
    }

    /** A manifest has got its name. */
    void manifest(Path file) {
        try {
            manifest(file, Files.readString(file));
        } catch (IOException e) {
            violated(file + " cannot be read: " + e);
        }
    }

    private void manifest(Path file, String text) {
        Path folder = Objects.requireNonNull(file.getParent());
        long step = Long.parseLong(only(STEP, String.valueOf(folder.getFileName())));
        int of = Integer.parseInt(only(INCARNATION, text));
        if (of != incarnation) {
            violated("start " + of + " committed step " + step + " when start " + incarnation + " was the latest");
        }
        Integer before = committedBy.put(step, of);
        if (before != null && before == of) {
            violated("start " + of + " committed step " + step + " twice");
        }
        if (step <= committed) {
            violated("start " + of + " committed step " + step + " after step " + committed);
        }
        committed = step;
        Matcher shards = SHARD.matcher(text);
        while (shards.find()) {
            Path shard = folder.resolve(shards.group());
            if (disk.durable(shard).isEmpty()) {
                violated("the manifest of step " + step + " was committed before " + shard + " was durable");
            }
        }
    }

    private static String only(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException("expected " + pattern + " in " + text);
        }
        return matcher.group(1);
    }
}
