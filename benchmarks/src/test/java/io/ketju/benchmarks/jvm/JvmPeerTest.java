package io.ketju.benchmarks.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.peers.PeerProcess;
import io.ketju.benchmarks.peers.PeerWork;
import io.ketju.benchmarks.peers.WorkSpec;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JvmPeerTest {
    @Test
    void anotherJvmMeasuresWhatItIsTold() throws Exception {
        try (PeerProcess jvm = JvmProcess.start("test")) {
            jvm.threads(2);
            assertThat(jvm.about()).contains("JDK ", "2 threads");
            assertThat(jvm.open(WorkSpec.of("no_such_kernel"))).isEmpty();
            try (PeerWork work = jvm.open(WorkSpec.of("relu").with("n", 100)).orElseThrow()) {
                assertThat(work.callsPerSecond(Effort.QUICK)).isPositive();
            }
            assertThatThrownBy(() -> jvm.open(WorkSpec.of("relu"))).hasMessageContaining("no 'n' in 'relu'");
        }
    }

    @Test
    void pollutionCallsKernelsOfAllShapes() throws Exception {
        try (Pollution pollution = new Pollution(1, 2)) {
            assertThat(pollution.run(java.time.Duration.ofMillis(200))).isPositive();
        }
        Random random = new Random(1);
        for (WorkSpec spec : UsualShapes.all()) {
            WorkSpec other = RandomShapes.of(spec.name(), random);
            assertThat(other.numbers().keySet())
                    .as(spec.name())
                    .isEqualTo(spec.numbers().keySet());
        }
    }
}
