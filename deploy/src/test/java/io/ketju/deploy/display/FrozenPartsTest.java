package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingJob;
import io.ketju.deploy.config.JobAssembly;
import io.ketju.deploy.config.JobFile;
import io.ketju.records.text.JobHeader;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

class FrozenPartsTest {
    private static TrainingJob job(String line) {
        return JobAssembly.build(JobFile.parse(
                "job.conf",
                "data = digits\nmodel { input = [1, 8, 8], layers = [\"Flatten()\", \"Linear(64, 16)\","
                        + " \"Linear(16, 10)\"] }\n" + line));
    }

    @Test
    void headerAndTableSayWhatDoesNotLearn() {
        TrainingJob job = job("parameter-groups = [\"1.*: frozen\", \"*.bias: SGD(lr=0.1)\"]\n");
        assertThat(JobHeader.lines("Plan of", job, "a processor"))
                .contains("  groups    1.*: frozen, *.bias: SGD(lr=0.1)");
        assertThat(table(job)).contains(" 1,210 (1,040 frozen) ");
    }

    @Test
    void whereAllLearnNothingIsSaid() {
        assertThat(JobHeader.lines("Plan of", job(""), "a processor")).noneMatch(line -> line.contains("groups"));
        assertThat(table(job(""))).contains(" 1,210 ").doesNotContain("frozen");
    }

    private static String table(TrainingJob job) {
        return String.join("\n", StageTable.lines(job, Jobs.terminal(new ByteArrayOutputStream(), false, 120, true)));
    }
}
