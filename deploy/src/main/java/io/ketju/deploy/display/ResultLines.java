package io.ketju.deploy.display;

import static io.ketju.deploy.display.JobHeader.field;

import io.ketju.actors.job.TrainingResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a run ended, and what to do next. */
public final class ResultLines {
    private static final int SHORT_HASH = 16;

    private ResultLines() {}

    /**
     * @param data what names the run's dataset in a command
     */
    public static List<String> of(TrainingResult result, String data) {
        List<String> lines = new ArrayList<>();
        TrainingResult.Phases phases = result.phases();
        String steps = Units.count(result.steps()) + (result.steps() == 1 ? " step" : " steps");
        if (result.completed()) {
            lines.add("Trained " + steps + " in " + Units.duration(phases.total()) + test(result));
        } else {
            lines.add("Stopped after " + steps + ": " + result.stopReason().orElse("on request"));
        }
        lines.add(field("time") + "start " + Units.duration(phases.start()) + ", train "
                + Units.duration(phases.train()) + ", evaluate " + Units.duration(phases.evaluate())
                + ", checkpoints " + Units.duration(phases.checkpoint()));
        lines.add(
                field("state") + shortHash(result.stateSha256()) + " (SHA-256 of all parameters and optimizer state)");
        result.runDirectory().ifPresent(folder -> {
            lines.add(field("saved") + folder);
            lines.addAll(next(folder, data, result.completed()));
        });
        return lines;
    }

    /** {@code : test accuracy 88.2 %, test loss 0.3310}: what is known of it. */
    private static String test(TrainingResult result) {
        List<String> parts = new ArrayList<>();
        result.testAccuracy().ifPresent(share -> parts.add("test accuracy " + Units.percent(share)));
        result.testLoss().ifPresent(loss -> parts.add("test loss " + Units.loss(loss)));
        return parts.isEmpty() ? "" : ": " + String.join(", ", parts);
    }

    private static List<String> next(Path folder, String data, boolean completed) {
        return completed
                ? List.of(
                        field("next") + "./ketju evaluate " + folder,
                        field("") + "./ketju sample " + data + " 7 image.png",
                        field("") + "./ketju predict " + folder + " image.png")
                : List.of(field("next") + "./ketju train --resume " + folder);
    }

    /** The start of a hash: enough to compare by eye. */
    public static String shortHash(String hash) {
        return hash.length() <= SHORT_HASH ? hash : hash.substring(0, SHORT_HASH);
    }
}
