package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveDisplayTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void epochsStayAboveTheBarAndTheBarIsGoneInTheEnd() {
        TrainingJob job = Jobs.digits();
        LiveDisplay display = new LiveDisplay(Jobs.terminal(out, true, 100, true), job);
        display.on(new TrainingEvent.Started(job, 1, 1));
        display.on(Jobs.step(45, 1));
        display.on(Jobs.epoch(1));
        display.on(Jobs.step(90, 2));
        display.on(Jobs.epoch(2));
        display.close();
        display.close();
        assertThat(screen(out.toString(StandardCharsets.UTF_8)))
                .containsExactly(
                        "epoch  1/12  train loss 0.5000, accuracy 80.0 %  test loss 0.7500, accuracy 82.5 %  3.21 s",
                        "epoch  2/12  train loss 0.5000, accuracy 80.0 %  test loss 0.7500, accuracy 82.5 %  3.21 s",
                        "");
    }

    @Test
    void linesAreCutToTheTerminal() {
        TrainingJob job = Jobs.digits();
        LiveDisplay display = new LiveDisplay(Jobs.terminal(out, true, 50, true), job);
        display.on(Jobs.epoch(1));
        display.close();
        assertThat(screen(out.toString(StandardCharsets.UTF_8)).getFirst())
                .hasSize(50)
                .endsWith("…");
    }

    /** What a terminal shows in the end: it knows carriage returns and the erasing of a line. */
    private static List<String> screen(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\n", -1)) {
            String shown = line.substring(line.lastIndexOf("\u001b[K") + 1);
            lines.add(shown.startsWith("[K") ? shown.substring(2) : shown);
        }
        return lines;
    }
}
