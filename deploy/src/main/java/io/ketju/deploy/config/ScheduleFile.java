package io.ketju.deploy.config;

import io.ketju.actors.job.JobLimits;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The text of a schedule that somebody wrote into a file. */
final class ScheduleFile {
    private ScheduleFile() {}

    /** Throws {@link IllegalArgumentException} naming the file if it cannot be read or is too large. */
    static String read(String name) {
        Path path = JobAssembly.path(name);
        if (!Files.isRegularFile(path)) {
            throw new IllegalArgumentException(
                    "expected a file with the plan of a schedule, found no file '" + Excerpt.ofPath(name) + "'");
        }
        try {
            long bytes = Files.size(path);
            if (bytes > JobLimits.FILE_BYTES) {
                throw new IllegalArgumentException(Excerpt.ofPath(name) + ": expected a schedule of at most "
                        + JobLimits.FILE_BYTES + " bytes, found " + bytes);
            }
            return Files.readString(path, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalArgumentException(Excerpt.ofPath(name) + ": cannot be read as text: " + e.getMessage(), e);
        }
    }
}
