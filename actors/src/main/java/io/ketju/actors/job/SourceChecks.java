package io.ketju.actors.job;

import io.ketju.data.BadDataException;
import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.tensor.Excerpt;
import io.ketju.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a source of batches answers, which may be anybody's code: whatever is amiss names the source and the place. */
final class SourceChecks {
    private SourceChecks() {}

    /** What it gives, by name; throws {@link InvalidJobException} where it has no names, or one twice. */
    static Map<String, BatchPort> ports(BatchSource source) {
        if (isNull(source.name())) {
            throw new InvalidJobException(
                    "data of " + source.getClass().getName() + ": expected a name for reports, found null");
        }
        String where = "data '" + source.name() + "'";
        List<BatchPort> ports = source.ports();
        if (isNull(ports)) {
            throw new InvalidJobException(where + ": expected ports, found null");
        }
        Map<String, BatchPort> byName = new TreeMap<>();
        for (int i = 0; i < ports.size(); i++) {
            BatchPort port = ports.get(i);
            if (isNull(port) || isNull(port.name()) || isNull(port.largest())) {
                throw new InvalidJobException(
                        where + ", port " + i + ": expected a name and the largest type, found " + port);
            }
            if (byName.put(port.name(), port) != null) {
                throw new InvalidJobException(where + ", port " + i + ": expected each name once, found '"
                        + Excerpt.of(port.name()) + "' again");
            }
        }
        return byName;
    }

    /** Its digest, which may take time to make. */
    static String identity(BatchSource source) {
        String identity = source.identity();
        if (isNull(identity)) {
            throw new InvalidJobException(
                    "data '" + source.name() + "': expected an identity, a digest of all that it gives, found null");
        }
        return identity;
    }

    /** What a mini-batch is; throws {@link BadDataException} if the source does not say it, or says it of another. */
    static BatchPlan plan(BatchSource source, long index) {
        String where = source.name() + ", batch " + index;
        BatchPlan plan;
        try {
            plan = source.plan(index);
        } catch (BadDataException e) {
            throw e;
        } catch (RuntimeException e) {
            throw BadDataException.failed(where, "its plan", e);
        }
        if (isNull(plan) || plan.index() != index) {
            throw BadDataException.of(
                    where, "its plan", isNull(plan) ? "null" : "that of batch " + plan.index() + ", which is another");
        }
        return plan;
    }

    /**
     * Overwrites a tensor with what a port gives. What the source throws on purpose says what is wrong and stays as it is; a
     * slip, such as an access to null, becomes a {@link BadDataException} that says where.
     */
    static void copy(BatchSource source, BatchPlan plan, int microbatch, String port, Tensor target) {
        try {
            source.copy(plan, microbatch, port, target);
        } catch (NullPointerException | IndexOutOfBoundsException | ClassCastException e) {
            throw failed(
                    source.name() + ", batch " + plan.index() + ", micro-batch " + microbatch + ", '" + port + "'",
                    target,
                    e);
        }
    }

    /** The same of what never changes. */
    static void copyConstant(BatchSource source, String port, Tensor target) {
        try {
            source.copyConstant(port, target);
        } catch (NullPointerException | IndexOutOfBoundsException | ClassCastException e) {
            throw failed(source.name() + ", constant '" + port + "'", target, e);
        }
    }

    private static BadDataException failed(String where, Tensor target, RuntimeException e) {
        return BadDataException.failed(where, "values of " + target.dtype().text() + target.shape(), e);
    }

    /** Whoever implements a source is not held to say null nowhere. */
    private static boolean isNull(@Nullable Object answer) {
        return answer == null;
    }
}
