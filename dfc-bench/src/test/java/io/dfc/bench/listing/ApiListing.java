package io.dfc.bench.listing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.constant.ConstantDesc;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a compiled module offers to everybody: one line for each class, constructor, method and
 * field that is public or protected in a package that is exported to all.
 */
final class ApiListing {
    /** What is said of a package without {@code @Stability}. */
    static final String WITHOUT_MARK = "without a stability mark";

    private static final String MARK = "Lio/dfc/api/stability/Stability;";
    private static final Set<String> METHODS_OF_ENUMS = Set.of("values", "valueOf");
    private static final Set<String> METHODS_OF_RECORDS = Set.of("toString", "hashCode", "equals");

    private final Map<String, ClassModel> classes = new HashMap<>();
    private final TreeSet<String> lines = new TreeSet<>();

    private ApiListing() {}

    /**
     * The lines of a module, sorted.
     *
     * @param compiled folder of its classes
     */
    static List<String> of(Path compiled) throws IOException {
        ApiListing listing = new ApiListing();
        ModuleDescriptor module;
        try (InputStream in = Files.newInputStream(compiled.resolve("module-info.class"))) {
            module = ModuleDescriptor.read(in);
        }
        for (ModuleDescriptor.Exports exports : module.exports()) {
            if (!exports.isQualified()) {
                Path folder = compiled.resolve(exports.source().replace('.', '/'));
                listing.lines.add(exports.source() + ": package, " + stability(folder));
                listing.read(folder);
            }
        }
        for (ClassModel type : listing.classes.values()) {
            if (listing.isOffered(type)) {
                listing.list(type);
            }
        }
        return List.copyOf(listing.lines);
    }

    private static String stability(Path folder) {
        Path description = folder.resolve("package-info.class");
        if (!Files.exists(description)) {
            return WITHOUT_MARK;
        }
        return parse(description).findAttribute(Attributes.runtimeInvisibleAnnotations()).stream()
                .flatMap(a -> a.annotations().stream())
                .filter(a -> a.className().equalsString(MARK))
                .flatMap(a -> a.elements().stream())
                .map(e -> ((AnnotationValue.OfEnum) e.value()).constantName().stringValue())
                .findFirst()
                .orElse(WITHOUT_MARK);
    }

    private void read(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(f -> f.toString().endsWith(".class"))
                    .filter(f -> !f.endsWith("package-info.class"))
                    .map(ApiListing::parse)
                    .forEach(c -> classes.put(c.thisClass().asInternalName(), c));
        }
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a class and all that it lies in are public or protected. */
    private boolean isOffered(ClassModel type) {
        Optional<InnerClassInfo> nested = nested(type);
        if (nested.isEmpty()) {
            return type.flags().has(AccessFlag.PUBLIC);
        }
        return nested.get().outerClass().isPresent()
                && isAccessible(nested.get().flags())
                && isOffered(classes.get(nested.get().outerClass().get().asInternalName()));
    }

    private static Optional<InnerClassInfo> nested(ClassModel type) {
        String name = type.thisClass().asInternalName();
        return type.findAttribute(Attributes.innerClasses()).stream()
                .flatMap(a -> a.classes().stream())
                .filter(c -> c.innerClass().asInternalName().equals(name))
                .findFirst();
    }

    private static boolean isAccessible(Set<AccessFlag> flags) {
        return flags.contains(AccessFlag.PUBLIC) || flags.contains(AccessFlag.PROTECTED);
    }

    private void list(ClassModel type) {
        Set<AccessFlag> flags =
                nested(type).map(InnerClassInfo::flags).orElse(type.flags().flags());
        String name = SignatureText.name(type.thisClass().asInternalName());
        lines.add(name + ": " + header(type, flags));
        boolean heritable = !flags.contains(AccessFlag.FINAL);
        for (FieldModel field : type.fields()) {
            if (isListed(field.flags().flags(), heritable)) {
                lines.add(name + "." + field(field));
            }
        }
        for (MethodModel method : type.methods()) {
            if (isListed(method.flags().flags(), heritable) && !isImplied(type, method)) {
                lines.add(name + "." + method(type, method, flags.contains(AccessFlag.INTERFACE)));
            }
        }
    }

    private static boolean isListed(Set<AccessFlag> flags, boolean heritable) {
        return !flags.contains(AccessFlag.SYNTHETIC)
                && (flags.contains(AccessFlag.PUBLIC)
                        || heritable && flags.contains(AccessFlag.PROTECTED));
    }

    /** What every enum and record has. */
    private static boolean isImplied(ClassModel type, MethodModel method) {
        String name = method.methodName().stringValue();
        return type.flags().has(AccessFlag.ENUM)
                        && METHODS_OF_ENUMS.contains(name)
                        && method.flags().has(AccessFlag.STATIC)
                || type.findAttribute(Attributes.record()).isPresent()
                        && METHODS_OF_RECORDS.contains(name);
    }

    private static String header(ClassModel type, Set<AccessFlag> flags) {
        List<String> words = new ArrayList<>();
        boolean anInterface = flags.contains(AccessFlag.INTERFACE);
        boolean aRecord = type.findAttribute(Attributes.record()).isPresent();
        boolean anEnum = flags.contains(AccessFlag.ENUM);
        words.add(flags.contains(AccessFlag.PUBLIC) ? "public" : "protected");
        if (nested(type).isPresent() && flags.contains(AccessFlag.STATIC) && !anInterface) {
            words.add("static");
        }
        if (flags.contains(AccessFlag.ABSTRACT) && !anInterface && !anEnum) {
            words.add("abstract");
        }
        boolean sealed = type.findAttribute(Attributes.permittedSubclasses()).isPresent();
        if (sealed && !anEnum) {
            words.add("sealed");
        } else if (flags.contains(AccessFlag.FINAL) && !aRecord && !anEnum) {
            words.add("final");
        }
        words.add(
                flags.contains(AccessFlag.ANNOTATION)
                        ? "@interface"
                        : anInterface
                                ? "interface"
                                : aRecord ? "record" : anEnum ? "enum" : "class");
        return String.join(" ", words) + SignatureText.supertypes(type);
    }

    private static String field(FieldModel field) {
        Signature type =
                field.findAttribute(Attributes.signature())
                        .map(a -> a.asTypeSignature())
                        .orElseGet(() -> Signature.of(field.fieldTypeSymbol()));
        return field.fieldName().stringValue()
                + ": "
                + modifiers(field.flags().flags(), AccessFlag.STATIC, AccessFlag.FINAL)
                + SignatureText.of(type)
                + field.findAttribute(Attributes.constantValue())
                        .map(a -> " = " + constant(a.constant().constantValue()))
                        .orElse("");
    }

    /** Compiled into whoever reads it. */
    private static String constant(ConstantDesc value) {
        return value instanceof String text ? '"' + text.replace("\n", "\\n") + '"' : "" + value;
    }

    private static String method(ClassModel type, MethodModel method, boolean ofInterface) {
        MethodSignature signature =
                method.findAttribute(Attributes.signature())
                        .map(a -> a.asMethodSignature())
                        .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
        Set<AccessFlag> flags = method.flags().flags();
        boolean constructor = method.methodName().equalsString("<init>");
        String simple = SignatureText.name(type.thisClass().asInternalName());
        String kind =
                ofInterface
                                && !flags.contains(AccessFlag.ABSTRACT)
                                && !flags.contains(AccessFlag.STATIC)
                        ? "default "
                        : "";
        String thrown =
                method.findAttribute(Attributes.exceptions()).stream()
                        .flatMap(a -> a.exceptions().stream())
                        .map(e -> SignatureText.name(e.asInternalName()))
                        .sorted()
                        .collect(Collectors.joining(", "));
        return (constructor
                        ? simple.substring(simple.lastIndexOf('.') + 1)
                        : method.methodName().stringValue())
                + "("
                + SignatureText.list(signature.arguments(), flags.contains(AccessFlag.VARARGS))
                + "): "
                + modifiers(
                        flags,
                        AccessFlag.STATIC,
                        ofInterface ? AccessFlag.STATIC : AccessFlag.ABSTRACT,
                        AccessFlag.FINAL)
                + kind
                + SignatureText.parameters(signature.typeParameters())
                + (constructor ? "constructor" : SignatureText.of(signature.result()))
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String modifiers(Set<AccessFlag> flags, AccessFlag... shown) {
        EnumSet<AccessFlag> these = EnumSet.of(AccessFlag.PROTECTED, shown);
        return these.stream()
                .filter(flags::contains)
                .map(f -> f.name().toLowerCase(Locale.ROOT) + " ")
                .collect(Collectors.joining());
    }
}
