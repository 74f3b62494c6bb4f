package io.ketju.pipeline.stage;

import io.ketju.layers.loss.LossPass;
import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.MetricPass;
import io.ketju.layers.model.Head;
import io.ketju.pipeline.program.BatchPorts;
import io.ketju.pipeline.program.Room;
import io.ketju.pipeline.program.Step;
import io.ketju.pipeline.program.Step.Flow;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.elementwise.Binary;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A loss on the tensors of one slot. Its gradient is made in forward and waits for its turn. */
final class BoundLoss implements BoundStep {
    private final Head head;
    /** Of the head in the model. */
    private final int index;

    private final SlotTensors tensors;
    private final Kernels kernels;
    private final int[] inputs;
    private final Flow[] flows;
    private final int[] ports;
    private final List<@Nullable Tensor> gradInputs = new ArrayList<>();
    private final List<Tensor> room;
    private final List<Metric> metrics;
    /** Of each metric. */
    private final List<List<Tensor>> metricRooms = new ArrayList<>();

    private final @Nullable Tensor[] targets;
    private double lossSum;
    private double weight;
    /** Sums of each metric. */
    private final double[][] sums;

    BoundLoss(Step.LossStep step, int place, BatchPorts batch, SlotTensors tensors, Kernels kernels) {
        head = step.head();
        this.index = step.index();
        this.tensors = tensors;
        this.kernels = kernels;
        inputs = step.inputs().stream().mapToInt(tensors::cell).toArray();
        flows = step.flows().toArray(Flow[]::new);
        ports = head.targets().stream().mapToInt(batch::position).toArray();
        targets = new Tensor[ports.length];
        for (int port = 0; port < inputs.length; port++) {
            Tensor gradient = tensors.room(Room.Purpose.LOSS_GRADIENT, place, port);
            gradInputs.add(gradient);
            if (flows[port] == Flow.FIRST && gradient != null) {
                tensors.gradient(inputs[port], gradient);
            }
        }
        List<TensorType> types = tensors.types().of(head.inputs());
        List<Tensor> rooms = new ArrayList<>();
        for (int i = 0; i < head.room(types).size(); i++) {
            rooms.add(Objects.requireNonNull(tensors.room(Room.Purpose.LOSS_ROOM, place, i)));
        }
        int taken = head.loss().room(types).size();
        room = rooms.subList(0, taken);
        metrics = head.metrics();
        sums = new double[metrics.size()][];
        for (Metric metric : metrics) {
            int more = metric.room(types).size();
            metricRooms.add(rooms.subList(taken, taken + more));
            taken += more;
        }
    }

    /** Something of the batch arrived. */
    void fed(int port, Tensor tensor) {
        for (int i = 0; i < ports.length; i++) {
            targets[i] = ports[i] == port ? tensor : targets[i];
        }
    }

    @Override
    public void forward(Microbatch microbatch) {
        List<Tensor> given = given();
        List<Tensor> wanted = wanted();
        weight = head.loss().weight(given.getFirst().shape().dimension(0), wanted);
        lossSum = compute(microbatch, given, wanted);
        for (int i = 0; i < sums.length; i++) {
            sums[i] =
                    metrics.get(i).measure(new MetricPass(kernels, given, wanted, metricRooms.get(i), lossSum, weight));
        }
    }

    /** Its gradient alone. */
    @Override
    public void recompute(Microbatch microbatch) {
        compute(microbatch, given(), wanted());
    }

    @Override
    public void resume(Microbatch microbatch) {}

    private double compute(Microbatch microbatch, List<Tensor> given, List<Tensor> wanted) {
        double scale = head.weight() / microbatch.denominators().get(index);
        return head.loss().compute(new LossPass(kernels, given, wanted, gradInputs, room, scale));
    }

    private List<Tensor> given() {
        List<Tensor> given = new ArrayList<>(inputs.length);
        for (int input : inputs) {
            given.add(tensors.value(input));
        }
        return given;
    }

    private List<Tensor> wanted() {
        List<Tensor> wanted = new ArrayList<>(targets.length);
        for (Tensor target : targets) {
            wanted.add(Objects.requireNonNull(target, "no target"));
        }
        return wanted;
    }

    /** Position of the head in the model. */
    int head() {
        return index;
    }

    List<Metric> metrics() {
        return metrics;
    }

    /** What the last forward gave. */
    double lossSum() {
        return lossSum;
    }

    /** What the targets of the last forward weigh. */
    double weight() {
        return weight;
    }

    /** What the last forward measured, of each metric. */
    double[] sums(int metric) {
        return sums[metric];
    }

    @Override
    public void inputGradients() {
        for (int port = inputs.length - 1; port >= 0; port--) {
            Tensor part = gradInputs.get(port);
            if (flows[port] == Flow.ADD && part != null) {
                Tensor sum = tensors.gradient(inputs[port]);
                kernels.elementwise().binary(Binary.ADD, sum, part, sum);
            }
        }
    }

    @Override
    public void weightGradients() {}

    @Override
    public String name() {
        return "the loss";
    }

    @Override
    public int outputs() {
        return 0;
    }

    @Override
    public @Nullable Tensor output(int index) {
        return null;
    }
}
