package io.ketju.deploy.display;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlainDisplayTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final TrainingJob job = Jobs.digits();
    private final PlainDisplay display = new PlainDisplay(Jobs.terminal(out, false, 80, false), job, nanos::get);

    @Test
    void oneLinePerEpochAndOnePerTenSeconds() {
        display.on(new TrainingEvent.Started(job, 1, 1));
        display.on(Jobs.step(1, 1));
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        display.on(Jobs.step(2, 1));
        display.on(Jobs.step(3, 1));
        display.on(Jobs.epoch(1));
        display.on(new TrainingEvent.CheckpointCommitted(45, Path.of("somewhere")));
        nanos.addAndGet(Duration.ofSeconds(9).toNanos());
        display.on(Jobs.step(46, 2));
        display.on(Jobs.epoch(12));
        display.close();
        assertThat(text().lines())
                .containsExactly(
                        "epoch  1/12  step 2 of 540  loss 0.5121, accuracy 81.3 %  4,210 samples/s, bubble 19.0 %",
                        "epoch  1/12  train loss 0.5000, accuracy 80.0 %  test loss 0.7500, accuracy 82.5 %  3.21 s",
                        "epoch 12/12  train loss 0.5000, accuracy 80.0 %  test loss 0.7500, accuracy 82.5 %  3.21 s");
    }

    @Test
    void aResumedRunSaysWhereItGoesOn() {
        display.on(new TrainingEvent.Started(job, 91, 1));
        assertThat(text().lines()).containsExactly("resumed after step 90");
    }

    @Test
    void whatIsWaitedForIsALineForEachWorkerThatComes() {
        Jobs.waiting(2, 3).forEach(display::on);
        assertThat(text().lines())
                .containsExactly(
                        "waiting for 3 workers at 127.0.0.1:7355, up to 60 s; none is there yet",
                        "waiting for 3 workers at 127.0.0.1:7355, up to 60 s; 1 is there",
                        "waiting for 3 workers at 127.0.0.1:7355, up to 60 s; 2 are there");
        Jobs.waiting(0, 1).forEach(display::on);
        assertThat(text().lines().toList().getLast()).startsWith("waiting for 1 worker at ");
    }

    @Test
    void nothingIsEverRewritten() {
        display.on(new TrainingEvent.Started(job, 1, 1));
        for (int step = 1; step <= 100; step++) {
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
            display.on(Jobs.step(step, 1));
        }
        assertThat(text()).doesNotContain("\r").doesNotContain("\u001b");
        assertThat(text().lines()).hasSize(10);
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
