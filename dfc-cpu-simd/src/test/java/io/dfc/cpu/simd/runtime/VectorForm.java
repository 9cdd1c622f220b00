package io.dfc.cpu.simd.runtime;

import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FieldNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.Analyzer;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SourceInterpreter;
import org.objectweb.asm.tree.analysis.SourceValue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The form in which the compiler never has to guess about vectors. Five things make objects of
 * them, each by chance, since each depends on what the compiler has seen run so far:
 *
 * <ul>
 *   <li>a helper that takes or returns a vector, once it has been compiled apart from its caller;
 *   <li>a vector that comes from several places, around a loop or out of a branch, as the receiver
 *       of an operation: its class is not known before the operation's result is, and the other way
 *       round. As an argument it does no harm;
 *   <li>a vector from before a loop as the receiver of an operation in it: code that the virtual
 *       machine enters in the middle of the loop knows as little of its class;
 *   <li>a mask that is computed: phases with comparisons allocated in some processes on a busy
 *       machine, and in none since signs of numbers, shifted over all bits, choose instead;
 *   <li>more operations in one method than the compiler inlines.
 * </ul>
 */
final class VectorForm {
    private static final String VECTORS = "jdk/incubator/vector/";

    /**
     * Operations of a method. A compilation that has grown beyond what about so many make takes in
     * no further method of ours, so that twice as many is the most that it ever has to inline.
     */
    static final int MOST_OPERATIONS = 80;

    private final List<String> faults = new ArrayList<>();

    /** What is wrong, a line each. */
    List<String> faults() {
        return faults;
    }

    void add(byte[] classFile) {
        ClassNode type = new ClassNode();
        new ClassReader(classFile).accept(type, ClassReader.SKIP_DEBUG);
        for (FieldNode field : type.fields) {
            boolean constant =
                    (field.access & Opcodes.ACC_STATIC) != 0
                            && (field.access & Opcodes.ACC_FINAL) != 0;
            if (isVector(Type.getType(field.desc)) && !constant) {
                faults.add(type.name + "." + field.name + ": a field holds a vector");
            }
        }
        for (MethodNode method : type.methods) {
            String key = type.name + "." + method.name + method.desc;
            checkDescriptor(key, method);
            checkReceivers(key, type.name, method);
            checkMasks(key, method);
            checkSize(key, method);
        }
    }

    private void checkMasks(String key, MethodNode method) {
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof MethodInsnNode call
                    && isOperation(call)
                    && !method.name.equals("<clinit>")
                    && call.desc.endsWith("VectorMask;")) {
                faults.add(key + ": " + call.name + " makes a mask");
            }
        }
    }

    private void checkDescriptor(String key, MethodNode method) {
        List<Type> types = new ArrayList<>(List.of(Type.getArgumentTypes(method.desc)));
        types.add(Type.getReturnType(method.desc));
        if (types.stream().anyMatch(VectorForm::isVector)) {
            faults.add(key + ": a method takes or returns a vector");
        }
    }

    private static boolean isVector(Type type) {
        Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
        return element.getSort() == Type.OBJECT && isVector(element.getInternalName());
    }

    private static boolean isVector(String type) {
        return type.startsWith(VECTORS)
                && (type.endsWith("Vector")
                        || type.endsWith("VectorMask")
                        || type.endsWith("VectorShuffle"));
    }

    private static boolean isOperation(AbstractInsnNode instruction) {
        return instruction instanceof MethodInsnNode call && isVector(call.owner);
    }

    private void checkReceivers(String key, String owner, MethodNode method) {
        Frame<SourceValue>[] frames;
        try {
            frames = new Analyzer<>(new SourceInterpreter()).analyze(owner, method);
        } catch (AnalyzerException e) {
            throw new IllegalStateException(key, e);
        }
        for (int at = 0; at < frames.length; at++) {
            int i = at;
            AbstractInsnNode instruction = method.instructions.get(i);
            if (frames[i] == null
                    || !isOperation(instruction)
                    || instruction.getOpcode() == Opcodes.INVOKESTATIC) {
                continue;
            }
            MethodInsnNode call = (MethodInsnNode) instruction;
            int receiver = frames[i].getStackSize() - 1 - Type.getArgumentTypes(call.desc).length;
            SourceValue value = frames[i].getStack(receiver);
            // Nothing follows from a store, so that its receiver does no harm.
            if (call.name.equals("intoArray")) {
                continue;
            }
            Set<AbstractInsnNode> sources = new HashSet<>();
            if (isMerged(value, method, frames, sources)) {
                faults.add(key + ": the receiver of " + call.name + " comes from several places");
            } else if (sources.stream().anyMatch(source -> isBeforeLoop(method, source, i))) {
                faults.add(key + ": the receiver of " + call.name + " comes from before the loop");
            }
        }
    }

    /** Whether an instruction lies in a loop in which another does not. */
    private static boolean isBeforeLoop(MethodNode method, AbstractInsnNode source, int at) {
        int from = method.instructions.indexOf(source);
        for (AbstractInsnNode instruction : method.instructions) {
            if (instruction instanceof JumpInsnNode jump) {
                int end = method.instructions.indexOf(jump);
                int start = method.instructions.indexOf(jump.label);
                boolean around = start <= at && at <= end;
                if (around && (from < start || from > end)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Whether a value comes from several places.
     *
     * @param seen receives what makes it, copies between variables left out
     */
    private static boolean isMerged(
            SourceValue value,
            MethodNode method,
            Frame<SourceValue>[] frames,
            Set<AbstractInsnNode> seen) {
        if (value.insns.size() > 1) {
            return true;
        }
        for (AbstractInsnNode source : value.insns) {
            int at = method.instructions.indexOf(source);
            if (!(source instanceof VarInsnNode variable)) {
                seen.add(source);
                continue;
            }
            SourceValue copied =
                    source.getOpcode() == Opcodes.ALOAD
                            ? frames[at].getLocal(variable.var)
                            : frames[at].getStack(frames[at].getStackSize() - 1);
            if (isMerged(copied, method, frames, seen)) {
                return true;
            }
        }
        return false;
    }

    private void checkSize(String key, MethodNode method) {
        int operations = 0;
        for (AbstractInsnNode instruction : method.instructions) {
            operations += isOperation(instruction) ? 1 : 0;
        }
        if (operations > MOST_OPERATIONS) {
            faults.add(
                    "%s: %d operations on vectors, at most %d"
                            .formatted(key, operations, MOST_OPERATIONS));
        }
    }
}
