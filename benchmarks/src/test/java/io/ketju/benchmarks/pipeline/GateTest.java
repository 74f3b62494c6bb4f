package io.ketju.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Who may pass. */
class GateTest {
    private final Gate gate = new Gate();

    @Test
    void stepsPassOnceTheyAreAllowed() throws Exception {
        gate.allow(2);
        gate.pass(0);
        gate.pass(1);
        AtomicBoolean allowed = new AtomicBoolean();
        CompletableFuture<Boolean> third = CompletableFuture.supplyAsync(() -> {
            gate.pass(2);
            return allowed.get();
        });

        allowed.set(true);
        gate.allow(3);

        assertThat(third.get(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void everyStepPassesAnOpenGateAndNothingIsTakenBack() {
        gate.open();
        gate.allow(1);

        gate.pass(1_000_000);
    }
}
