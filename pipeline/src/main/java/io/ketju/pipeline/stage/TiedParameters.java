package io.ketju.pipeline.stage;

import io.ketju.layers.Parameter;
import io.ketju.layers.TouchedRows;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.TableRows;
import io.ketju.pipeline.partition.Ties;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.indexing.IndexingKernels;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stage's part in parameters that it shares with other stages. Before the step, gradients of uses go to the owner; after
 * it, values come back. Each kind has one buffer per edge: nobody sends a second before the first has been answered.
 */
final class TiedParameters implements StageHoldings.Owner {
    private final Model model;
    private final int stage;
    private final List<Ties.Use> uses;
    private final List<Integer> gradientsOut;
    private final List<Integer> weightsOut;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final OutputBuffers gradients;
    private final OutputBuffers weights;

    TiedParameters(StagePorts ports, Model model, ParameterBlock parameters, Kernels kernels) {
        this.model = model;
        this.parameters = parameters;
        this.kernels = kernels;
        stage = ports.stage();
        uses = ports.ties().uses();
        gradientsOut = ports.ties().gradientsFrom(stage);
        weightsOut = ports.ties().weightsFrom(stage);
        gradients = new OutputBuffers("tied gradients of stage " + stage, gradientTypes(), 1);
        weights = new OutputBuffers("tied weights of stage " + stage, weightTypes(), 1);
    }

    private List<TensorType> gradientTypes() {
        return gradientsOut.stream()
                .map(edge -> PackedRows.largest(parameter(uses.get(edge))))
                .toList();
    }

    private List<TensorType> weightTypes() {
        return weightsOut.stream()
                .map(edge -> TensorType.of(parameters.value(uses.get(edge).parameter())))
                .toList();
    }

    /** As the layer declares it that uses it. */
    private Parameter parameter(Ties.Use use) {
        return model.nodes().get(use.node()).layer().parameters().get(use.index());
    }

    /** The gradients of this stage's uses of what others own, of the whole mini-batch; {@code ties} are the window's. */
    List<TensorLease> gradients(Ties ties) {
        List<TensorLease> sent = new ArrayList<>();
        for (int edge : ties.gradientsFrom(stage)) {
            Ties.Use use = uses.get(edge);
            TableRows gradient = parameters.gradient(model.nodes().get(use.node()), use.index());
            sent.add(send(gradientsOut.indexOf(edge), gradient.tensor(), gradient.rows()));
        }
        return sent;
    }

    private TensorLease send(int buffer, Tensor gradient, @Nullable TouchedRows touched) {
        if (touched == null) {
            return gradients.send(buffer, gradient);
        }
        PackedRows rows = new PackedRows(gradient.shape());
        TensorLease lease = gradients.lease(buffer, rows.type(touched.count()));
        rows.pack(kernels, gradient, touched, lease.tensor());
        return lease;
    }

    /** The values of what this stage owns and has just updated, for those that mirror it. */
    List<TensorLease> weights(Ties ties) {
        List<TensorLease> sent = new ArrayList<>();
        for (int edge : ties.weightsFrom(stage)) {
            sent.add(weights.send(
                    weightsOut.indexOf(edge), parameters.value(uses.get(edge).parameter())));
        }
        return sent;
    }

    /** Takes in what others sent for the step, in the order of the uses, and gives the leases back. */
    void arrived(List<StagePorts.Port> ports, List<TensorLease> leases) {
        for (int i = 0; i < ports.size(); i++) {
            try (TensorLease lease = leases.get(i)) {
                Ties.Use use = uses.get(ports.get(i).edge());
                if (ports.get(i).kind() == TensorKey.Kind.TIED_GRADIENT) {
                    add(lease.tensor(), parameter(use), parameters.sum(use.parameter()));
                } else {
                    parameters.value(use.parameter()).copyFrom(lease.tensor());
                }
            }
        }
    }

    private void add(Tensor arrived, Parameter use, TableRows sum) {
        if (!use.sparse()) {
            kernels.elementwise().binary(Binary.ADD, sum.tensor(), arrived, sum.tensor());
            sum.touchAll();
            return;
        }
        PackedRows rows = new PackedRows(use.shape());
        Tensor indices = rows.rows(arrived);
        kernels.indexing().embeddingBackward(IndexingKernels.NO_PADDING, rows.values(arrived), indices, sum.tensor());
        if (sum.rows() != null) {
            sum.rows().add(indices, IndexingKernels.NO_PADDING);
        }
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
