package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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
    void atEightyColumnsALineIsShorterAndComplete() {
        assertThat(epochAt(80))
                .containsExactly(
                        "epoch  1/12  train loss 0.5000, acc 80.0 %  test loss 0.7500, acc 82.5 %  3.21 s", "");
    }

    @Test
    void atFortyColumnsItIsWrapped() {
        assertThat(epochAt(40))
                .containsExactly(
                        "epoch  1/12", "  train loss 0.5000, acc 80.0 %", "  test loss 0.7500, acc 82.5 %  3.21 s", "");
    }

    @Test
    void whatIsWaitedForIsOneLineThatGoesAway() {
        LiveDisplay display = new LiveDisplay(Jobs.terminal(out, true, 80, true), Jobs.digits());
        Jobs.waiting(1, 2).forEach(display::on);
        assertThat(screen(out.toString(StandardCharsets.UTF_8)))
                .containsExactly("waiting for 2 workers at 127.0.0.1:7355, up to 60 s; 1 is there");
        display.close();
        assertThat(screen(out.toString(StandardCharsets.UTF_8))).containsExactly("");
    }

    @Test
    void aResizedTerminalIsNoticed() {
        AtomicInteger columns = new AtomicInteger(40);
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        LiveDisplay display =
                new LiveDisplay(new Terminal(stream, stream, true, columns::get, true, false), Jobs.digits());
        display.on(Jobs.epoch(1));
        columns.set(100);
        display.on(Jobs.epoch(2));
        display.close();
        assertThat(screen(out.toString(StandardCharsets.UTF_8)))
                .hasSize(5)
                .contains("epoch  2/12  train loss 0.5000, accuracy 80.0 %  test loss 0.7500, accuracy 82.5 %  3.21 s");
    }

    private List<String> epochAt(int columns) {
        LiveDisplay display = new LiveDisplay(Jobs.terminal(out, true, columns, true), Jobs.digits());
        display.on(Jobs.epoch(1));
        display.close();
        return screen(out.toString(StandardCharsets.UTF_8));
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
