package io.ketju.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run on a table, and other tables. */
class TableRunTest {
    private static final String ROWS = "a,b,y\n1,2,3\n2,3,5\n3,5,8\n4,4,8\n5,6,11\n";

    @TempDir
    private Path folder;

    @Test
    void isEvaluatedOnRowsThatItsEncodingMadeNumbersOf() throws IOException {
        Path table = Files.writeString(folder.resolve("t.csv"), ROWS);
        Path other = Files.writeString(
                folder.resolve("other.csv"), ROWS.replace("5,6,", "5,600,").replace("1,2,", "1,200,"));
        Path job = Files.writeString(folder.resolve("job.conf"), """
                model { input = [2], layers = ["Linear(2, 1)"] }
                data = "%s"
                targets = [y]
                loss = "MSELoss()"
                microbatches = 1
                epochs = 1
                """.formatted(table));
        String run = folder.resolve("run").toString();
        assertThat(InProcess.run("train", job.toString(), "--run-dir", run).exitCode())
                .isZero();
        assertThat(InProcess.run("evaluate", run).exitCode()).isZero();
        assertThat(InProcess.run("evaluate", run, "--data", table.toString()).exitCode())
                .isZero();
        InProcess refused = InProcess.run("evaluate", run, "--data", other.toString());
        assertThat(refused.exitCode()).isEqualTo(2);
        assertThat(refused.err())
                .contains("--data: expected a table whose columns become numbers as in the run, found other.csv/test");
    }
}
