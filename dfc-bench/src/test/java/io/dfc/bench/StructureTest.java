package io.dfc.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What CONTRIBUTING says of modules, packages and classes holds for the classes as compiled. */
class StructureTest {
    private static final int MOST_CLASSES = 25;
    private static final int MOST_LINES = 400;
    private static final int MOST_COMPONENTS = 8;
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final List<String> MODULES =
            List.of("dfc-api", "dfc-cpu-simd", "dfc-tornado", "dfc-algorithms", "dfc-bench");

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        List<Path> compiled = new ArrayList<>();
        for (String module : MODULES) {
            Path folder = ROOT.resolve(module).resolve("target").resolve("classes");
            if (Files.isDirectory(folder)) {
                compiled.add(folder);
            } else {
                System.out.println("StructureTest: " + module + " is not built, and not looked at");
            }
        }
        assertThat(compiled).hasSizeGreaterThanOrEqualTo(MODULES.size() - 1);
        classes = new ClassFileImporter().importPaths(compiled);
    }

    @Test
    void noPackageHoldsMoreClassesThanAReaderCanSurvey() {
        Map<String, Long> sizes =
                classes.stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(c -> !c.getSimpleName().equals("package-info"))
                        .filter(c -> !c.getSimpleName().equals("module-info"))
                        .collect(
                                Collectors.groupingBy(
                                        JavaClass::getPackageName,
                                        TreeMap::new,
                                        Collectors.counting()));
        assertThat(sizes).hasSizeGreaterThan(MODULES.size());
        assertThat(sizes).allSatisfy((name, n) -> assertThat(n).isLessThanOrEqualTo(MOST_CLASSES));
    }

    @Test
    void packagesDependOnEachOtherInOneDirection() {
        slices().matching("io.dfc.(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void backendsAndAlgorithmsDependOnTheApiAlone() {
        String[] modules = {
            "io.dfc.cpu..", "io.dfc.tornado..", "io.dfc.algorithms..", "io.dfc.bench.."
        };
        for (String module : modules) {
            if (!module.equals("io.dfc.bench..")) {
                noClasses()
                        .that()
                        .resideInAPackage(module)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                Stream.of(modules)
                                        .filter(other -> !other.equals(module))
                                        .toArray(String[]::new))
                        .allowEmptyShould(true)
                        .check(classes);
            }
        }
        noClasses()
                .that()
                .resideInAPackage("io.dfc.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(modules)
                .check(classes);
    }

    /** What a library has to say goes to {@link System.Logger}. */
    @Test
    void noLibraryWritesToStandardStreams() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.dfc.bench..")
                .and()
                // A program of its own, and one that only puts off what native code writes.
                .haveNameNotMatching("io\\.dfc\\.tornado\\.(runtime\\.Fpga|backend\\.NativeOutput)")
                .should(ACCESS_STANDARD_STREAMS)
                .check(classes);
    }

    /** Such a record has a builder, withers, or a library that binds it by name. */
    @Test
    void noRecordOfManyComponentsIsCopiedByPosition() {
        List<String> copies =
                classes.stream()
                        .filter(c -> c.isRecord() && componentsOf(c) > MOST_COMPONENTS)
                        .flatMap(StructureTest::positionalCalls)
                        .toList();
        assertThat(copies).isEmpty();
    }

    private static long componentsOf(JavaClass type) {
        return type.getFields().stream()
                .filter(f -> !f.getModifiers().contains(JavaModifier.STATIC))
                .count();
    }

    private static Stream<String> positionalCalls(JavaClass type) {
        return type.getConstructorCallsToSelf().stream()
                .filter(call -> call.getTarget().getRawParameterTypes().size() > MOST_COMPONENTS)
                .filter(call -> !outermost(call.getOriginOwner()).equals(outermost(type)))
                .map(JavaConstructorCall::getDescription);
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(StructureTest::outermost).orElse(type);
    }

    @Test
    void noFileIsLongerThanItCanBeRead() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                files.filter(f -> f.toString().endsWith(".java"))
                        .filter(f -> lines(f) > MOST_LINES)
                        .forEach(f -> tooLong.add(f.getFileName() + " has " + lines(f) + " lines"));
            }
        }
        assertThat(tooLong).isEmpty();
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
