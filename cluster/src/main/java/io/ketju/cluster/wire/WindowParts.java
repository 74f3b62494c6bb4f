package io.ketju.cluster.wire;

import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.Window;
import io.ketju.protocol.control.Microbatches;
import io.ketju.protocol.control.Type;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What the micro-batches of a window are, on the wire: equal neighbours as one. */
final class WindowParts {
    private WindowParts() {}

    static List<Microbatches> write(List<Window.Part> parts) {
        List<Microbatches> written = new ArrayList<>();
        int first = 0;
        while (first < parts.size()) {
            Window.Part part = parts.get(first);
            int end = first + 1;
            while (end < parts.size() && parts.get(end).equals(part)) {
                end++;
            }
            written.add(Microbatches.newBuilder()
                    .setCount(end - first)
                    .setSamples(part.samples())
                    .addAllInputs(part.inputs().stream().map(WindowParts::write).toList())
                    .build());
            first = end;
        }
        return written;
    }

    private static Type write(TensorType type) {
        Type.Builder builder = Type.newBuilder().setDtype(type.dtype().text());
        Arrays.stream(type.shape().toArray()).forEach(builder::addDimensions);
        return builder.build();
    }

    static List<Window.Part> read(List<Microbatches> written) {
        List<Window.Part> parts = new ArrayList<>();
        for (Microbatches microbatches : written) {
            Window.Part part = new Window.Part(
                    microbatches.getSamples(),
                    microbatches.getInputsList().stream().map(WindowParts::read).toList());
            parts.addAll(Collections.nCopies(count(microbatches, parts.size()), part));
        }
        return parts;
    }

    /** Nothing is made for more than a stage could take in. */
    private static int count(Microbatches microbatches, int before) {
        int count = microbatches.getCount();
        if (count < 1 || count > StageMachine.MAX_FILED - before) {
            throw new IllegalArgumentException("a window of " + before + " and " + count + " micro-batches");
        }
        return count;
    }

    private static TensorType read(Type type) {
        DType dtype = Arrays.stream(DType.values())
                .filter(known -> known.text().equals(type.getDtype()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown element type '" + type.getDtype() + "'"));
        return new TensorType(
                dtype,
                Shape.of(type.getDimensionsList().stream()
                        .mapToInt(Integer::intValue)
                        .toArray()));
    }
}
