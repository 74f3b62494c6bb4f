package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.TableRows;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage's part in a step whose updates its replicas share: gradients go from the first replica to the one that has the state of
 * their parameter, as the optimizer takes them, and what each has updated goes to all others. Each tensor has one buffer for
 * each stage that it goes to, as in {@link StageReplica}. Holds nothing where replicas share no updates. Not thread-safe.
 */
final class StageShare implements StageHoldings.Owner {
    private final ReplicaPorts ports;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    /** Of all parameters that replicas exchange, in their order. */
    private final List<String> names;
    /** Of those that this stage updates. */
    private final List<String> own;
    /** The buffer of each gradient of {@link #names}; of what the first replica updates itself, none. */
    private final int[] buffers;
    /** The buffer of each replica's verdict, by replica. */
    private final int[] verdicts;

    private final OutputBuffers gradients;
    private final OutputBuffers weights;

    StageShare(int stage, ReplicaPorts ports, ExchangedTensors exchanged, ParameterBlock parameters, Kernels kernels) {
        this.ports = ports;
        this.parameters = parameters;
        this.kernels = kernels;
        names = List.copyOf(exchanged.weights().keySet());
        own = ports.owned(ports.replica()).mapToObj(names::get).toList();
        buffers = new int[names.size()];
        verdicts = new int[ports.count()];
        placeBuffers();
        List<TensorType> shares = new ArrayList<>();
        List<TensorType> values = new ArrayList<>();
        for (int other = 1; any() && other < ports.count(); other++) {
            shares.addAll(ports.learns() ? exchanged.share(other) : List.of());
            values.addAll(exchanged.weightsOf(ports.replica()));
        }
        gradients = new OutputBuffers("gradients of shares of stage " + stage, shares, 1);
        weights = new OutputBuffers("updated weights of stage " + stage, values, 1);
    }

    /** Whether replicas share updates. */
    boolean any() {
        return ports.shared();
    }

    /**
     * What the first replica sends: gradients of all that it does not update itself, then, for each replica, whether there is an
     * update. Both in the order of {@link ReplicaPorts#stepMade}.
     */
    List<TensorLease> sendGradients(boolean updates) {
        List<TensorLease> sent = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            if (ports.owners().get(i) > 0) {
                sent.add(PackedRows.send(kernels, gradients, buffers[i], parameters.sum(names.get(i))));
            }
        }
        for (int other = 1; !names.isEmpty() && other < ports.count(); other++) {
            TensorLease verdict = gradients.lease(verdicts[other], ExchangedTensors.VERDICT);
            verdict.tensor().setFloat(0, updates ? 1 : 0);
            sent.add(verdict);
        }
        return sent;
    }

    /** Buffers stand as {@link ExchangedTensors#share} lists them, of one replica behind the other. */
    private void placeBuffers() {
        int next = 0;
        for (int other = 1; other < ports.count(); other++) {
            for (int weight : ports.owned(other).toArray()) {
                buffers[weight] = next++;
            }
            verdicts[other] = next++;
        }
    }

    /** Overwrites the stage's own sums by the gradients of its share, and gives the leases back; whether there is an update. */
    boolean takeGradients(List<TensorLease> arrived) {
        parameters.clearGradients();
        for (int i = 0; i < own.size(); i++) {
            try (TensorLease lease = arrived.get(i)) {
                TableRows sum = parameters.sum(own.get(i));
                PackedRows.take(kernels, lease.tensor(), sum);
            }
        }
        if (names.isEmpty()) {
            return false;
        }
        try (TensorLease verdict = arrived.get(own.size())) {
            return verdict.tensor().getFloat(0) != 0;
        }
    }

    /** What the stage has updated, for one replica after the other. */
    List<TensorLease> sendWeights() {
        List<TensorLease> sent = new ArrayList<>();
        for (int other = 1; other < ports.count(); other++) {
            for (String name : own) {
                sent.add(weights.send(sent.size(), parameters.value(name)));
            }
        }
        return sent;
    }

    /** Takes in what others have updated, and gives the leases back; how many of those that arrived these were. */
    int takeWeights(List<TensorLease> arrived) {
        int next = 0;
        for (int i = 0; i < names.size(); i++) {
            if (ports.owners().get(i) != ports.replica()) {
                try (TensorLease lease = arrived.get(next++)) {
                    parameters.value(names.get(i)).copyFrom(lease.tensor());
                }
            }
        }
        parameters.valuesChanged();
        return next;
    }

    int outstanding() {
        return gradients.outstanding() + weights.outstanding();
    }

    @Override
    public long heldBytes() {
        return gradients.heldBytes() + weights.heldBytes();
    }

    @Override
    public void close() {
        gradients.close();
        weights.close();
    }
}
