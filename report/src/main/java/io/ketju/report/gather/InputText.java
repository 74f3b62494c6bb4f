package io.ketju.report.gather;

import io.ketju.data.Dataset;
import io.ketju.data.text.TextEncoding;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.Optional;
import java.util.StringJoiner;

/** An input as text: a sentence of its tokens, otherwise its first numbers. */
final class InputText {
    private static final int SHOWN = 12;

    private InputText() {}

    static String of(Dataset data, int sample) {
        try (TensorArena arena =
                new TensorArena(TensorArena.bytesFor(data.inputShape().batched(1)))) {
            Tensor input = arena.allocate(data.inputType(), data.inputShape().batched(1));
            data.copyInput(sample, input, 0);
            Optional<TextEncoding> encoding = data.textEncoding();
            if (encoding.isPresent() && input.dtype() == DType.INT32) {
                return encoding.get().decode(TensorCopies.ints(input));
            }
            StringJoiner numbers = new StringJoiner(", ");
            for (int i = 0; i < Math.min(SHOWN, input.elements()); i++) {
                numbers.add(
                        input.dtype() == DType.FLOAT32
                                ? Float.toString(Math.round(input.getFloat(i) * 1000) / 1000f)
                                : Integer.toString(input.getInt(i)));
            }
            return numbers + (input.elements() > SHOWN ? ", ..." : "");
        }
    }
}
