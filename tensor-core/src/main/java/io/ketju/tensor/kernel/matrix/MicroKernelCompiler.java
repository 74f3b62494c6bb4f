package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.kernel.matrix.MicroKernel.Form;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Writes the class of a {@link MicroKernel}. In Java its run method would read, for two rows and one vector:
 *
 * <pre>{@code
 * FloatVector zero = FloatVector.zero(SPECIES), c00 = zero, c10 = zero;
 * for (int k = 0; k < tile.k; k++) {
 *     FloatVector b0 = FloatVector.fromMemorySegment(SPECIES, MEMORY, tile.rows[k] + b & ADDRESSES, ORDER);
 *     c00 = FloatVector.broadcast(SPECIES, a[at + k * STEP]).fma(b0, c00);
 *     c10 = FloatVector.broadcast(SPECIES, a[at + k * STEP + ROW]).fma(b0, c10);
 * }
 * long from = tile.from, to = tile.c;
 * FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER).add(c00).intoMemorySegment(MEMORY, to, ORDER);
 * from += tile.fromStride;
 * to += tile.stride;
 * FloatVector.fromMemorySegment(SPECIES, MEMORY, from, ORDER).add(c10).intoMemorySegment(MEMORY, to, ORDER);
 * }</pre>
 *
 * <p>Written out by hand, the forms in use would be thousands of lines that differ in nothing but their numbers, and
 * the compiler must see every accumulator as a local variable to keep it in a register. The code is as plain as can be
 * on purpose: calls to the vector API only, which are always inlined, and a from a Java array, because a read of a
 * number from a memory segment takes so many nodes that C1 and C2 of JDK 25 give up on kernels of this size. So do masks,
 * which therefore stay outside. A kernel must be small enough for C1: one that compiles without profiling (tier 2) but not
 * with it (tier 3) stays in the slow code for good.
 */
final class MicroKernelCompiler {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc KERNEL = ClassDesc.of(MicroKernel.class.getName());
    private static final ClassDesc TILE = ClassDesc.of(Tile.class.getName());
    private static final ClassDesc FLOAT_VECTOR = ClassDesc.of(FloatVector.class.getName());
    private static final ClassDesc VECTOR = ClassDesc.of(Vector.class.getName());
    private static final ClassDesc SPECIES = ClassDesc.of(VectorSpecies.class.getName());
    private static final ClassDesc SEGMENT = ClassDesc.of(MemorySegment.class.getName());
    private static final ClassDesc ORDER = ClassDesc.of(ByteOrder.class.getName());
    private static final ClassDesc WIDTH = ClassDesc.of(VectorWidth.class.getName());
    private static final ClassDesc MEMORY = ClassDesc.of(VectorMemory.class.getName());
    private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();
    private static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();
    private static final MethodTypeDesc RUN =
            MethodTypeDesc.of(ConstantDescs.CD_void, TILE, FLOATS, ConstantDescs.CD_int, ConstantDescs.CD_long);

    private final Form form;
    /**
     * Whether a was copied by columns: then the loop counts from 0, else from the first index of a. Each form runs a tenth
     * faster with its own way of counting.
     */
    private final boolean columns;

    private final CodeBuilder code;
    private final int tile;
    private final int a;
    private final int at;
    private final int b;
    private final int first;
    private final int end;
    private final int base;
    private final int stride;
    private final int to;
    private final int toStride;
    private final int rows;
    private final int[] panel;
    private final int[] sums;

    private MicroKernelCompiler(Form form, CodeBuilder code) {
        this.form = form;
        this.code = code;
        columns = form.left() == Left.COLUMNS;
        tile = code.parameterSlot(0);
        a = code.parameterSlot(1);
        at = code.parameterSlot(2);
        b = code.parameterSlot(3);
        first = code.allocateLocal(TypeKind.INT);
        end = code.allocateLocal(TypeKind.INT);
        base = code.allocateLocal(TypeKind.LONG);
        stride = code.allocateLocal(TypeKind.LONG);
        to = code.allocateLocal(TypeKind.LONG);
        toStride = code.allocateLocal(TypeKind.LONG);
        rows = code.allocateLocal(TypeKind.REFERENCE);
        panel = locals(form.vectors());
        sums = locals(form.rows() * form.vectors());
    }

    /** A new class for the form, loaded and ready. */
    static MicroKernel compile(Form form) {
        byte[] bytes = ClassFile.of()
                .build(
                        ClassDesc.of(MicroKernel.class.getName() + "_" + form.rows() + "x" + form.vectors()),
                        type -> type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withSuperclass(KERNEL)
                                .withMethodBody(
                                        ConstantDescs.INIT_NAME,
                                        ConstantDescs.MTD_void,
                                        0,
                                        init -> init.aload(0)
                                                .invokespecial(KERNEL, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                                                .return_())
                                .withMethodBody("run", RUN, 0, run -> new MicroKernelCompiler(form, run).write()));
        try {
            MethodHandles.Lookup hidden = LOOKUP.defineHiddenClass(bytes, true);
            return (MicroKernel) hidden.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("no micro-kernel for " + form, e);
        }
    }

    private void write() {
        prepare();
        Label again = code.newLabel();
        Label done = code.newLabel();
        code.labelBinding(again).iload(at).iload(end).if_icmpge(done);
        loadPanel();
        multiply();
        code.iinc(at, 1);
        code.goto_(again).labelBinding(done);
        addSums();
        code.return_();
    }

    /** Clears the sums and reads the tile's fields into variables. */
    private void prepare() {
        species().invokestatic(FLOAT_VECTOR, "zero", MethodTypeDesc.of(FLOAT_VECTOR, SPECIES));
        for (int sum : sums) {
            code.dup().astore(sum);
        }
        code.pop();
        code.iload(at).istore(first);
        if (columns) {
            code.iconst_0().istore(at);
        }
        code.iload(at)
                .aload(tile)
                .getfield(TILE, "k", ConstantDescs.CD_int)
                .iadd()
                .istore(end);
        code.aload(tile).getfield(TILE, "rows", LONGS).astore(rows);
    }

    /** One row of the panel into registers. */
    private void loadPanel() {
        code.aload(rows).iload(at);
        if (!columns) {
            code.iload(first).isub();
        }
        code.laload()
                .lload(b)
                .ladd()
                .loadConstant(VectorMemory.ADDRESSES)
                .land()
                .lstore(base);
        for (int j = 0; j < panel.length; j++) {
            load(base, j);
            code.astore(panel[j]);
        }
    }

    private void multiply() {
        for (int i = 0; i < form.rows(); i++) {
            species().aload(a).iload(at);
            if (columns) {
                code.loadConstant(LeftBlock.COLUMN).imul().iload(first).iadd();
            }
            if (i > 0) {
                code.loadConstant(i * form.left().row).iadd();
            }
            code.faload()
                    .invokestatic(
                            FLOAT_VECTOR,
                            "broadcast",
                            MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, ConstantDescs.CD_float));
            for (int j = 0; j < panel.length; j++) {
                if (j < panel.length - 1) {
                    code.dup();
                }
                int sum = sums[i * panel.length + j];
                code.aload(panel[j])
                        .aload(sum)
                        .invokevirtual(FLOAT_VECTOR, "fma", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR, VECTOR));
                code.astore(sum);
            }
        }
    }

    private void addSums() {
        code.aload(tile).getfield(TILE, "from", ConstantDescs.CD_long).lstore(base);
        code.aload(tile).getfield(TILE, "fromStride", ConstantDescs.CD_long).lstore(stride);
        code.aload(tile).getfield(TILE, "c", ConstantDescs.CD_long).lstore(to);
        code.aload(tile).getfield(TILE, "stride", ConstantDescs.CD_long).lstore(toStride);
        for (int i = 0; i < form.rows(); i++) {
            for (int j = 0; j < panel.length; j++) {
                load(base, j);
                code.aload(sums[i * panel.length + j])
                        .invokevirtual(FLOAT_VECTOR, "add", MethodTypeDesc.of(FLOAT_VECTOR, VECTOR));
                store(to, j);
            }
            code.lload(base).lload(stride).ladd().lstore(base);
            code.lload(to).lload(toStride).ladd().lstore(to);
        }
    }

    private void load(int address, int vector) {
        species();
        place(address, vector);
        code.invokestatic(
                FLOAT_VECTOR,
                "fromMemorySegment",
                MethodTypeDesc.of(FLOAT_VECTOR, SPECIES, SEGMENT, ConstantDescs.CD_long, ORDER));
    }

    /** Stores the vector that is on the stack. */
    private void store(int address, int vector) {
        place(address, vector);
        code.invokevirtual(
                FLOAT_VECTOR,
                "intoMemorySegment",
                MethodTypeDesc.of(ConstantDescs.CD_void, SEGMENT, ConstantDescs.CD_long, ORDER));
    }

    /** Puts the segment, the address of a vector and the byte order on the stack. */
    private void place(int address, int vector) {
        code.getstatic(MEMORY, "MEMORY", SEGMENT).lload(address);
        if (vector != 0) {
            code.loadConstant(vector * VectorMemory.VECTOR).ladd();
        }
        code.getstatic(MEMORY, "ORDER", ORDER);
    }

    private CodeBuilder species() {
        return code.getstatic(WIDTH, "SPECIES", SPECIES);
    }

    private int[] locals(int count) {
        int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = code.allocateLocal(TypeKind.REFERENCE);
        }
        return slots;
    }
}
