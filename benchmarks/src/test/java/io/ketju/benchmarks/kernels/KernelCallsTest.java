package io.ketju.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.benchmarks.peers.WorkSpec;
import io.ketju.tensor.core.TensorCore;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class KernelCallsTest {
    /** Fingerprints that PyTorch 2.13 gave for the same work, by {@code check} of {@code peers/torch_peer.py}. */
    @Test
    void resultsAreThoseOfThePeer() {
        requireNear("gemm_tn m=64 n=64 k=64", 8859.041249163216, -45.98659612491218);
        requireNear(
                "conv_weight batch=2 channels=3 height=8 out=4 kernel=3 stride=1 padding=1 groups=1",
                285.75729005783796,
                -36.33698382098727);
        requireNear("cross_entropy rows=16 columns=1000", 149.81893190118376, 18.5682219804673);
        requireNear("adam n=16384", 23976.212857469545, 45.51093222938934);
        requireNear("gelu n=16384", 16492.81775527756, -29.008149871573565);
        requireNear("gelu_backward n=16384", 4471.009615102501, 5.579517792019688);
        requireNear("silu n=16384", 16497.991504095087, -25.185805709803848);
        requireNear("sigmoid n=16384", 8181.848377054557, -4.785345427626567);
        requireNear("layer_norm rows=16 columns=1000", 10810.624957804357, -20.69956530507858);
        requireNear("layer_norm_backward rows=16 columns=1000", 10787.977897656558, 101.59365893529512);
        requireNear("attention batch=1 heads=2 length=70 width=64 causal=1", 2160.7395173572827, 2.081972503020715);
    }

    @Test
    void everyCaseHasANameOfItsOwn() {
        List<KernelCase> cases = new ArrayList<>(ConvolutionLayers.cases(List.of(8, 32)));
        cases.addAll(ElementCases.cases());
        cases.addAll(ElementCases.attention());
        assertThat(cases).extracting(KernelCase::name).doesNotHaveDuplicates();
        assertThat(cases).extracting(each -> each.spec().text()).doesNotHaveDuplicates();
    }

    @Test
    void aLayersOperationsAreTwoForEachTapOfEachOutput() {
        KernelCase first = ConvolutionLayers.cases(List.of(8)).getFirst();
        assertThat(first.name()).isEqualTo("convolution forward/lenet 1x28x28 to 6, 5x5, batch 8");
        assertThat(first.perCall()).isEqualTo(2.0 * 8 * 6 * 28 * 28 * 25);
    }

    private static void requireNear(String text, double magnitude, double mixed) {
        WorkSpec spec = WorkSpec.parse(text);
        try (TensorCore core = TensorCore.open(1);
                KernelCall call = KernelCalls.open(spec, core).orElseThrow()) {
            call.run();
            // float32 sums in another order.
            Offset<Double> allowed = Offset.offset(1e-5 * magnitude);
            assertThat(call.results().magnitude()).as(text).isCloseTo(magnitude, allowed);
            assertThat(call.results().mixed()).as(text).isCloseTo(mixed, allowed);
        }
    }
}
