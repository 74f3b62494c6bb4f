package io.ketju.actors;

import io.ketju.actors.run.TensorValues;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchSource;
import io.ketju.data.BatchTensors;
import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The mini-batches of a job as the caller of a session hands them over. */
final class HandedOver {
    private HandedOver() {}

    /** What the caller of a session would have: every mini-batch of a source, as values by name. */
    static List<Map<String, TensorValues>> batches(BatchSource source, long count) {
        List<Map<String, TensorValues>> all = new ArrayList<>();
        try (BatchTensors tensors = new BatchTensors(source)) {
            for (long index = 0; index < count; index++) {
                BatchPlan plan = source.plan(index);
                List<Map<String, Tensor>> parts = tensors.read(plan);
                Map<String, TensorValues> batch = new LinkedHashMap<>();
                for (String name : parts.getFirst().keySet()) {
                    batch.put(
                            name,
                            whole(parts.stream().map(part -> part.get(name)).toList(), plan.samples()));
                }
                all.add(batch);
            }
        }
        return all;
    }

    private static TensorValues whole(List<Tensor> parts, int samples) {
        int[] shape = parts.getFirst().shape().toArray();
        shape[0] = samples;
        if (parts.getFirst().dtype() == DType.INT32) {
            List<Integer> values = new ArrayList<>();
            for (Tensor part : parts) {
                for (int i = 0; i < part.elements(); i++) {
                    values.add(part.getInt(i));
                }
            }
            return TensorValues.of(values.stream().mapToInt(Integer::intValue).toArray(), shape);
        }
        float[] values = new float[0];
        for (Tensor part : parts) {
            float[] more = part.toFloats();
            int before = values.length;
            values = Arrays.copyOf(values, before + more.length);
            System.arraycopy(more, 0, values, before, more.length);
        }
        return TensorValues.of(values, shape);
    }
}
