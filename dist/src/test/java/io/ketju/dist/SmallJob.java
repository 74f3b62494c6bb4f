package io.ketju.dist;

import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.testkit.Oracle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A job of one epoch, and the state that it has to come to: that of one thread in one JVM. */
final class SmallJob {
    private static final String TEXT = """
            name = small
            model.name = "mlp(64, 32, 10)"
            data = digits
            optimizer = "Adam(lr=0.002)"
            batch = 32
            microbatches = 4
            epochs = 1
            stages = 3
            """;

    private SmallJob() {}

    /** Writes its file. */
    static Path write(Path file) {
        try {
            return Files.writeString(file, TEXT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String stateSha256() {
        return Oracle.of(JobAssembly.build(JobFile.parse("small.conf", TEXT))).stateSha256();
    }
}
