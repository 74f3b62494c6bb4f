package io.ketju.pipeline.stage;

import io.ketju.layers.PassBinding;
import io.ketju.layers.join.Joints;
import io.ketju.layers.model.Node;
import io.ketju.layers.model.ParameterBlock;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a stage runs, by the variant of the window's ports: the whole program, the same without its losses for windows that
 * predict, and the part that each objective needs. Where averages of weights are kept, windows that learn nothing run the
 * whole program on those.
 */
final class WindowPrograms implements StageHoldings.Owner {
    /** What all of them run on. */
    record Memory(
            ParameterBlock parameters,
            StageAverages averages,
            StepTensors untilStep,
            StageConstants constants,
            Kernels kernels) {}

    private final PipelineSpec spec;
    private final StagePorts ports;
    private final Memory memory;
    private final WideArrivals wide;
    private final List<WindowProgram> programs = new ArrayList<>();
    /** What training windows update, by objective. */
    private final List<Set<String>> trained = new ArrayList<>();

    WindowPrograms(PipelineSpec spec, StageProgram program, StagePorts ports, Memory memory) {
        this.spec = spec;
        this.ports = ports;
        this.memory = memory;
        this.wide = new WideArrivals(spec, program, memory.kernels());
        int stage = program.stage();
        Function<Joints, StageProgram> joined = joints -> spec.program(stage, joints);
        WindowProgram whole = windowProgram(program, program, joined, memory.parameters()::weights);
        programs.addAll(List.of(whole, whole));
        List<StageProgram> ofObjectives = spec.objectivePrograms(stage);
        for (int i = 0; i < ofObjectives.size(); i++) {
            int index = i;
            programs.add(windowProgram(
                    ofObjectives.get(i),
                    program,
                    joints -> spec.objectivePrograms(stage, joints).get(index),
                    memory.parameters()::weights));
        }
        if (memory.averages().kept()) {
            programs.add(
                    windowProgram(program, program, joined, memory.averages().weights()));
        }
        for (int i = 0; i < Math.max(1, ofObjectives.size()); i++) {
            trained.add(spec.recipe().trained(i));
        }
    }

    private WindowProgram windowProgram(
            StageProgram one,
            StageProgram whole,
            Function<Joints, StageProgram> joined,
            Function<Node, PassBinding.Weights> weights) {
        BoundProgram.Shared shared = new BoundProgram.Shared(
                programs.size(),
                one,
                spec.layout(one),
                weights,
                memory.untilStep(),
                memory.constants().of(one),
                memory.kernels(),
                spec.recipe().seed());
        Inspector inspector =
                new Inspector(shared, joined, spec::layout, spec.recipe().mostMicrobatches());
        return WindowProgram.of(shared, new Arrivals(one, ports, wide), inspector, whole);
    }

    /** What runs in a window. */
    WindowProgram of(Window window) {
        boolean averaged =
                window.phase() != Window.Phase.TRAIN && memory.averages().kept();
        return averaged ? programs.getLast() : programs.get(ports.variant(window));
    }

    /** Names of the parameters that a training window updates. */
    Set<String> trained(Window window) {
        return trained.get(window.objective());
    }

    /** Looks for where a NaN or an infinity of a micro-batch began. */
    Inspection inspect(HeldMicrobatch held, @Nullable BoundProgram ran) {
        return programs.get(held.variant()).inspector().inspect(held, ran);
    }

    @Override
    public long heldBytes() {
        return wide.heldBytes();
    }

    @Override
    public void close() {
        programs.stream().map(WindowProgram::inspector).distinct().forEach(Inspector::close);
        wide.close();
    }
}
