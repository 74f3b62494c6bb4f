package io.ketju.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.run.TrainingSession;
import io.ketju.cluster.link.LinkMode;
import io.ketju.tensor.memory.TensorMemory;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions in this JVM whose tensors travel over sockets, those that come back from windows that predict too. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class SocketSessionTest {
    @Test
    void outputsMeasurementsAndStateAreThoseOfALocalSession() {
        TinySession.Outcome local = TinySession.local();
        assertThat(local.outputs()).hasSize(9).allMatch(outputs -> outputs.size() == 2);
        assertThat(local.state()).isEqualTo(TinySession.stateOfJob());
        try (TrainingSession session =
                KetjuCluster.embeddedSession(TinySession.byHand().build(), LinkMode.ALWAYS_SOCKETS)) {
            assertThat(TinySession.run(session)).isEqualTo(local);
        }
    }

    @Test
    void aClosedSessionLeavesNothing() {
        Set<Thread> before = threads();
        long bytes = TensorMemory.openBytes();
        try (TrainingSession session =
                KetjuCluster.embeddedSession(TinySession.byHand().build(), LinkMode.ALWAYS_SOCKETS)) {
            session.predict(TinySession.batches().getFirst());
            assertThat(TensorMemory.openBytes()).isGreaterThan(bytes);
        }
        assertThat(TensorMemory.openBytes()).isEqualTo(bytes);
        assertThat(threads()).isSubsetOf(before);
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("ketju"))
                .collect(Collectors.toSet());
    }
}
