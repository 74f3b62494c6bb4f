package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.TableRows;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage's part in the exchange with its replicas: sums of gradients that arrive go before the stage's own, and what they
 * come to goes on; weights come back, unless replicas share the updates ({@link StageShare}). Each tensor has one buffer for each stage that it goes to: nobody sends a second before the
 * first has been answered. Not thread-safe.
 */
final class StageReplica implements StageHoldings.Owner {
    private final ReplicaPorts ports;
    private final ExchangedTensors exchanged;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final OutputBuffers sums;
    private final OutputBuffers weights;

    StageReplica(
            int stage, ReplicaPorts ports, ExchangedTensors exchanged, ParameterBlock parameters, Kernels kernels) {
        this.ports = ports;
        this.exchanged = exchanged;
        this.parameters = parameters;
        this.kernels = kernels;
        sums = new OutputBuffers("sums of stage " + stage, ports.learns() ? List.of() : exchanged.sums(), 1);
        List<TensorType> out = new ArrayList<>();
        for (int i = 1; ports.learns() && !ports.shared() && i < ports.count(); i++) {
            out.addAll(exchanged.weights().values());
        }
        weights = new OutputBuffers("weights of stage " + stage, out, 1);
    }

    /** Whether the stage has all that one pipeline would have of a step. */
    boolean learns() {
        return ports.learns();
    }

    /**
     * Overwrites the sums of all uses, which are zero, by what others have added up; gives the leases back.
     *
     * @param arrived none where the stage is the first to add
     */
    void takeSums(List<TensorLease> arrived) {
        for (int i = 0; i < Math.min(arrived.size(), exchanged.uses().size()); i++) {
            try (TensorLease lease = arrived.get(i)) {
                ExchangedTensors.Use use = exchanged.uses().get(i);
                TableRows sum = parameters.gradient(use.node(), use.index());
                PackedRows.take(kernels, lease.tensor(), sum);
            }
        }
    }

    /** What arrived behind the sums of gradients: none, one or two. */
    List<TensorLease> rest(List<TensorLease> arrived) {
        int uses = exchanged.uses().size();
        return arrived.size() <= uses ? List.of() : arrived.subList(uses, arrived.size());
    }

    /** What goes on: the sums of all uses, with the stage's own groups in them. */
    List<TensorLease> sendSums() {
        List<TensorLease> sent = new ArrayList<>();
        for (ExchangedTensors.Use use : exchanged.uses()) {
            TableRows sum = parameters.gradient(use.node(), use.index());
            sent.add(PackedRows.send(kernels, sums, sent.size(), sum));
        }
        return sent;
    }

    /** A tensor behind the sums that is still to be written. */
    TensorLease lease(int behind, TensorType type) {
        return sums.lease(exchanged.uses().size() + behind, type);
    }

    /** What comes back: the weights, for one replica after the other. */
    List<TensorLease> sendWeights() {
        List<TensorLease> sent = new ArrayList<>();
        for (int i = 1; i < ports.count(); i++) {
            for (String name : exchanged.weights().keySet()) {
                sent.add(weights.send(sent.size(), parameters.value(name)));
            }
        }
        return sent;
    }

    /** Takes in weights that were updated elsewhere, and gives the leases back; the next step begins. */
    void takeWeights(List<TensorLease> arrived) {
        int next = 0;
        for (String name : exchanged.weights().keySet()) {
            try (TensorLease lease = arrived.get(next++)) {
                parameters.value(name).copyFrom(lease.tensor());
            }
        }
        parameters.valuesChanged();
        parameters.clearGradients();
    }

    int outstanding() {
        return sums.outstanding() + weights.outstanding();
    }

    @Override
    public long heldBytes() {
        return sums.heldBytes() + weights.heldBytes();
    }

    @Override
    public void close() {
        sums.close();
        weights.close();
    }
}
