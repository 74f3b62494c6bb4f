package io.ketju.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorkSpecTest {
    @Test
    void itsTextReadsBack() {
        WorkSpec spec = WorkSpec.of("gemm_nn").with("m", 7).with("n", 13);
        assertThat(spec.text()).isEqualTo("gemm_nn m=7 n=13");
        assertThat(WorkSpec.parse("gemm_nn m=7 n=13")).isEqualTo(spec);
        assertThat(WorkSpec.parse("triad")).isEqualTo(WorkSpec.of("triad"));
        assertThat(spec.number("n")).isEqualTo(13);
    }

    @Test
    void whatIsMissingOrWrongIsNamed() {
        assertThatThrownBy(() -> WorkSpec.of("relu").number("n")).hasMessageContaining("no 'n' in 'relu'");
        assertThatThrownBy(() -> WorkSpec.parse("relu n")).hasMessageContaining("key=number, found 'n'");
    }
}
