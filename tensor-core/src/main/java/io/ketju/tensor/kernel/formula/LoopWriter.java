package io.ketju.tensor.kernel.formula;

import io.ketju.tensor.kernel.formula.Condition.Both;
import io.ketju.tensor.kernel.formula.Condition.Compare;
import io.ketju.tensor.kernel.formula.Condition.Either;
import io.ketju.tensor.kernel.formula.Expression.Applied;
import io.ketju.tensor.kernel.formula.Expression.Constant;
import io.ketju.tensor.kernel.formula.Expression.Element;
import io.ketju.tensor.kernel.formula.Expression.Scalar;
import io.ketju.tensor.kernel.formula.Expression.Select;
import io.ketju.tensor.kernel.formula.Expression.Stored;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Writes the method of a loop, as {@link LoopCompiler} shows it. */
final class LoopWriter {
    private static final ClassDesc LOOP = ClassDesc.of(FormulaLoop.class.getName());
    private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(FloatVector.class.getName());
    private static final ClassDesc VECTOR = ClassDesc.of(Vector.class.getName());
    private static final ClassDesc MASK = ClassDesc.of(VectorMask.class.getName());
    private static final ClassDesc OPERATORS = ClassDesc.of(VectorOperators.class.getName());
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    private static final ClassDesc WIDTH = ClassDesc.of(VectorWidth.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of(VectorMemory.class.getName());
    private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    private static final MethodTypeDesc LOAD = MethodTypeDesc.of(FLOAT_VECTOR, ConstantDescs.CD_long);
    private static final MethodTypeDesc STORE =
            MethodTypeDesc.of(ConstantDescs.CD_void, FLOAT_VECTOR, ConstantDescs.CD_long);
    private static final MethodTypeDesc BROADCAST = MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, ConstantDescs.CD_float);
    private static final MethodTypeDesc COMPARE = MethodTypeDesc.of(MASK, COMPARISON, VECTOR);
    private static final MethodTypeDesc BLEND = MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, MASK);
    private static final MethodTypeDesc OF_MASKS = MethodTypeDesc.of(MASK, MASK);

    private final LoopStage stage;
    private final ClassDesc self;
    private final List<Constant> constants;
    private final CodeBuilder code;
    private final List<Term> terms;
    /** Terms that are the same for all elements. */
    private final Set<Term> uniform = Collections.newSetFromMap(new IdentityHashMap<>());
    /** Terms that are part of more than one. */
    private final Set<Term> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    /** The variables of terms that were computed. */
    private final IdentityHashMap<Term, Integer> variables = new IdentityHashMap<>();

    private final long block;
    private final int at;

    /**
     * @param block bytes of each stored value in the buffer
     * @param constants of the stage, in the order of their fields in the class
     */
    LoopWriter(LoopStage stage, long block, ClassDesc self, List<Constant> constants, CodeBuilder code) {
        this.stage = stage;
        this.block = block;
        this.self = self;
        this.constants = constants;
        this.code = code;
        terms = stage.terms();
        at = code.allocateLocal(TypeKind.INT);
    }

    /** The field of a constant. */
    static String constant(int index) {
        return "CONSTANT_" + index;
    }

    void write() {
        classify();
        for (Term term : terms) {
            if (uniform.contains(term) && !(term instanceof Constant)) {
                keep(term);
            }
        }
        int end = code.allocateLocal(TypeKind.INT);
        Label again = code.newLabel();
        Label done = code.newLabel();
        code.lload(code.parameterSlot(Formula.MOST_OPERANDS)).l2i().istore(end);
        code.iconst_0().istore(at);
        code.labelBinding(again).iload(at).iload(end).if_icmpge(done);
        body();
        code.iinc(at, (int) VectorMemory.VECTOR);
        code.goto_(again).labelBinding(done).return_();
    }

    private void classify() {
        Set<Term> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Term term : terms) {
            boolean read = stage.isRead(term);
            if (!read && uniform.containsAll(term.parts())) {
                uniform.add(term);
            }
            if (!read) {
                term.parts().stream().filter(part -> !seen.add(part)).forEach(shared::add);
            }
        }
        stage.results().values().stream().filter(value -> !seen.add(value)).forEach(shared::add);
    }

    /** One vector of each operand: all are loaded before the first is computed, all computed before the first is stored. */
    private void body() {
        terms.stream()
                .filter(stage::isRead)
                .sorted(Comparator.comparingInt(stage::placeOf))
                .forEach(this::keep);
        Map<Integer, Integer> values = new LinkedHashMap<>();
        stage.results().forEach((place, value) -> {
            push(value);
            int variable = code.allocateLocal(TypeKind.REFERENCE);
            code.astore(variable);
            values.put(place, variable);
        });
        values.forEach((place, variable) -> {
            code.aload(variable);
            address(place);
            code.invokestatic(MEMORY, "store", STORE);
        });
    }

    /** Puts the value of a term on the stack. */
    private void push(Term term) {
        Integer variable = variables.get(term);
        if (variable != null) {
            code.aload(variable);
        } else if (shared.contains(term) && !(term instanceof Constant)) {
            code.aload(keep(term));
        } else {
            compute(term);
        }
    }

    /** Computes a term into a variable of its own. */
    private int keep(Term term) {
        compute(term);
        int variable = code.allocateLocal(TypeKind.REFERENCE);
        code.astore(variable);
        variables.put(term, variable);
        return variable;
    }

    private void compute(Term term) {
        switch (term) {
            case Element element -> load(element);
            case Stored stored -> load(stored);
            case Constant constant -> code.getstatic(self, constant(constants.indexOf(constant)), FLOAT_VECTOR);
            case Scalar scalar ->
                code.getstatic(WIDTH, "SPECIES", SPECIES)
                        .aload(0)
                        .getfield(LOOP, "scalars", FLOATS)
                        .loadConstant(scalar.index())
                        .faload()
                        .invokestatic(FLOAT_VECTOR, "broadcast", BROADCAST);
            case Applied applied -> apply(applied);
            case Select select -> {
                push(select.otherwise());
                push(select.then());
                push(select.condition());
                code.invokevirtual(FLOAT_VECTOR, "blend", BLEND);
            }
            case Compare compare -> {
                push(compare.left());
                code.getstatic(OPERATORS, compare.comparison().name(), COMPARISON);
                push(compare.right());
                code.invokevirtual(FLOAT_VECTOR, "compare", COMPARE);
            }
            case Both both -> {
                both.parts().forEach(this::push);
                code.invokevirtual(MASK, "and", OF_MASKS);
            }
            case Either either -> {
                either.parts().forEach(this::push);
                code.invokevirtual(MASK, "or", OF_MASKS);
            }
        }
    }

    private void apply(Applied applied) {
        Operation operation = applied.operation();
        applied.parts().forEach(this::push);
        if (operation.owner == null) {
            ClassDesc[] others =
                    Collections.nCopies(operation.arguments - 1, VECTOR).toArray(ClassDesc[]::new);
            code.invokevirtual(FLOAT_VECTOR, operation.method, MethodTypeDesc.of(FLOAT_VECTOR, others));
        } else {
            ClassDesc[] all =
                    Collections.nCopies(operation.arguments, FLOAT_VECTOR).toArray(ClassDesc[]::new);
            code.invokestatic(
                    ClassDesc.of(operation.owner.getName()), operation.method, MethodTypeDesc.of(FLOAT_VECTOR, all));
        }
    }

    private void load(Term term) {
        address(stage.placeOf(term));
        code.invokestatic(MEMORY, "load", LOAD);
    }

    private void address(int place) {
        int stored = place - Formula.MOST_OPERANDS;
        code.lload(code.parameterSlot(Math.min(place, Formula.MOST_OPERANDS - 1)));
        if (stored > 0) {
            code.loadConstant(stored * block).ladd();
        }
        code.iload(at).i2l().ladd();
    }
}
