package io.ketju.pipeline.stage;

import io.ketju.layers.model.Model;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.List;

/**
 * A stage's part in parameters that it shares with other stages. Before the step, gradients of uses go to the owner; after
 * it, values come back. Each kind has one buffer per edge: nobody sends a second before the first has been answered.
 */
final class TiedParameters implements AutoCloseable {
    private final Model model;
    private final int stage;
    private final List<Ties.Use> uses;
    private final List<Integer> gradientsOut;
    private final List<Integer> weightsOut;
    private final ParameterBlock parameters;
    private final Kernels kernels;
    private final OutputBuffers gradients;
    private final OutputBuffers weights;

    TiedParameters(StageProgram program, Model model, ParameterBlock parameters, Kernels kernels) {
        this.model = model;
        this.parameters = parameters;
        this.kernels = kernels;
        stage = program.stage();
        uses = program.ties().uses();
        gradientsOut = program.ties().gradientsFrom(stage);
        weightsOut = program.ties().weightsFrom(stage);
        gradients = new OutputBuffers("tied gradients of stage " + stage, types(gradientsOut), 1);
        weights = new OutputBuffers("tied weights of stage " + stage, types(weightsOut), 1);
    }

    private List<TensorType> types(List<Integer> edges) {
        return edges.stream()
                .map(edge -> TensorType.of(parameters.value(uses.get(edge).parameter())))
                .toList();
    }

    /** The gradients of this stage's uses of what others own, of the whole mini-batch; {@code ties} are the window's. */
    List<TensorLease> gradients(Ties ties) {
        List<TensorLease> sent = new ArrayList<>();
        for (int edge : ties.gradientsFrom(stage)) {
            Ties.Use use = uses.get(edge);
            Tensor gradient = parameters.gradient(model.nodes().get(use.node()), use.index());
            sent.add(gradients.send(gradientsOut.indexOf(edge), gradient));
        }
        return sent;
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
                String name = uses.get(ports.get(i).edge()).parameter();
                if (ports.get(i).kind() == TensorKey.Kind.TIED_GRADIENT) {
                    Tensor sum = parameters.gradient(name);
                    kernels.elementwise().binary(Binary.ADD, sum, lease.tensor(), sum);
                } else {
                    parameters.value(name).copyFrom(lease.tensor());
                }
            }
        }
    }

    int outstanding() {
        return gradients.outstanding() + weights.outstanding();
    }

    @Override
    public void close() {
        gradients.close();
        weights.close();
    }
}
