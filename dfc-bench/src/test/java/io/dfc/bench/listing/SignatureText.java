package io.dfc.bench.listing;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.Signature;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Types as they are written in Java, with their type arguments. */
final class SignatureText {
    private SignatureText() {}

    /** A class by its name, such as {@code java.util.Map.Entry}. */
    static String name(String internal) {
        String name = internal.replace('/', '.').replace('$', '.');
        return name.startsWith("java.lang.") && name.indexOf('.', "java.lang.".length()) < 0
                ? name.substring("java.lang.".length())
                : name;
    }

    static String of(Signature type) {
        return switch (type) {
            case Signature.BaseTypeSig base ->
                    ClassDesc.ofDescriptor(String.valueOf(base.baseType())).displayName();
            case Signature.ArrayTypeSig array -> of(array.componentSignature()) + "[]";
            case Signature.TypeVarSig variable -> variable.identifier();
            case Signature.ClassTypeSig c ->
                    (c.outerType().isPresent()
                                    ? of(c.outerType().get()) + "." + c.className()
                                    : name(c.className()))
                            + arguments(c.typeArgs());
        };
    }

    private static String arguments(List<Signature.TypeArg> arguments) {
        return arguments.isEmpty()
                ? ""
                : arguments.stream()
                        .map(SignatureText::argument)
                        .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String argument(Signature.TypeArg argument) {
        return switch (argument) {
            case Signature.TypeArg.Unbounded _ -> "?";
            case Signature.TypeArg.Bounded bounded ->
                    switch (bounded.wildcardIndicator()) {
                                case NONE -> "";
                                case EXTENDS -> "? extends ";
                                case SUPER -> "? super ";
                            }
                            + of(bounded.boundType());
        };
    }

    /** Parameters of a method. */
    static String list(List<Signature> types, boolean varargs) {
        String all = types.stream().map(SignatureText::of).collect(Collectors.joining(", "));
        return varargs ? all.substring(0, all.length() - "[]".length()) + "..." : all;
    }

    /** Type parameters with their bounds. */
    static String parameters(List<Signature.TypeParam> parameters) {
        return parameters.isEmpty()
                ? ""
                : parameters.stream()
                        .map(SignatureText::parameter)
                        .collect(Collectors.joining(", ", "<", "> "));
    }

    private static String parameter(Signature.TypeParam parameter) {
        List<String> bounds = new ArrayList<>();
        parameter.classBound().ifPresent(b -> bounds.add(of(b)));
        parameter.interfaceBounds().forEach(b -> bounds.add(of(b)));
        bounds.remove("Object");
        return parameter.identifier()
                + (bounds.isEmpty() ? "" : " extends " + String.join(" & ", bounds));
    }

    /** Type parameters, superclass, interfaces and permitted subclasses of a class. */
    static String supertypes(ClassModel type) {
        Optional<ClassSignature> generic =
                type.findAttribute(Attributes.signature()).map(a -> a.asClassSignature());
        List<String> above = new ArrayList<>();
        if (generic.isPresent()) {
            above.add(of(generic.get().superclassSignature()));
            generic.get().superinterfaceSignatures().forEach(i -> above.add(of(i)));
        } else {
            type.superclass().ifPresent(s -> above.add(name(s.asInternalName())));
            type.interfaces().forEach(i -> above.add(name(i.asInternalName())));
        }
        above.removeAll(List.of("Object", "Record"));
        above.removeIf(s -> s.startsWith("Enum<"));
        String permitted =
                type.findAttribute(Attributes.permittedSubclasses()).stream()
                        .flatMap(a -> a.permittedSubclasses().stream())
                        .map(c -> name(c.asInternalName()))
                        .sorted()
                        .collect(Collectors.joining(", "));
        String own = generic.map(g -> parameters(g.typeParameters()).strip()).orElse("");
        return own
                + (above.isEmpty() ? "" : " of " + String.join(", ", above))
                + (permitted.isEmpty() ? "" : " permits " + permitted);
    }
}
