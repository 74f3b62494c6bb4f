package io.ketju.layers;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.kernel.activation.Activation;
import java.util.List;
import java.util.Locale;

/**
 * {@code x · Φ(x)} of every element, Φ being the normal distribution function, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.GELU.html">torch.nn.GELU</a>.
 *
 * @param approximate how Φ is computed
 */
public record GELU(Approximation approximate) implements Pointwise {
    /** PyTorch's argument {@code approximate}. */
    public enum Approximation {
        /** By the error function. */
        NONE,
        /** {@code x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))}, as GPT-2 has it. */
        TANH;

        private String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** By the error function. */
    public GELU() {
        this(Approximation.NONE);
    }

    static GELU of(Spec spec) {
        String text =
                Arguments.of(spec, List.of(), "approximate").text("approximate").orElse(Approximation.NONE.text());
        for (Approximation approximation : Approximation.values()) {
            if (approximation.text().equals(text)) {
                return new GELU(approximation);
            }
        }
        throw new IllegalArgumentException(
                "GELU: argument 'approximate': expected none or tanh, found '" + Excerpt.of(text) + "'");
    }

    @Override
    public Spec spec() {
        Spec spec = Spec.of("GELU");
        return approximate == Approximation.NONE ? spec : spec.with("approximate", approximate.text());
    }

    /** About what the kernel takes. */
    @Override
    public int flops() {
        return 30;
    }

    @Override
    public Activation function() {
        return approximate == Approximation.TANH ? Activation.GELU_TANH : Activation.GELU;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
