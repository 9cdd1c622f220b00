package io.dfc.bench;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** What no class of the project does, so that its files can come from anywhere. */
class TrustTest {
    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        List<Path> compiled =
                List.of("dfc-api", "dfc-cpu-simd", "dfc-tornado", "dfc-algorithms", "dfc-bench")
                        .stream()
                        .map(module -> ROOT.resolve(module).resolve("target").resolve("classes"))
                        .filter(Files::isDirectory)
                        .toList();
        classes = new ClassFileImporter().importPaths(compiled);
    }

    /** Its streams run code that a file chooses. */
    @Test
    void nothingIsReadOrWrittenByJavaSerialization() {
        noClasses()
                .should()
                .dependOnClassesThat(
                        assignableTo(java.io.ObjectInput.class)
                                .or(assignableTo(java.io.ObjectOutput.class))
                                .or(assignableTo(java.io.Externalizable.class))
                                .or(assignableTo(java.io.ObjectInputFilter.class))
                                .or(name("java.beans.XMLDecoder"))
                                .or(name("java.rmi.MarshalledObject")))
                .check(classes);
    }

    /** Types that a file names are types that it chooses. */
    @Test
    void noFileNamesTheClassesThatItIsBoundTo() {
        noClasses()
                .should()
                .callMethodWhere(
                        target(name("activateDefaultTyping"))
                                .or(target(name("activateDefaultTypingAsProperty")))
                                .or(target(name("polymorphicTypeValidator"))))
                .check(classes);
    }

    /**
     * Entries of an archive have names, which may lead out of any folder. Where archives are read
     * they are not unpacked.
     */
    @Test
    void noArchiveIsUnpackedIntoFiles() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.dfc.algorithms.formats")
                .should()
                .dependOnClassesThat(
                        assignableTo(java.util.zip.ZipFile.class)
                                .or(assignableTo(java.util.zip.ZipInputStream.class))
                                .or(assignableTo(java.util.zip.ZipEntry.class)))
                .check(classes);
    }

    /** It may be set back at any time; a lease alone tells it to other machines. */
    @Test
    void theClockOfTheDayMeasuresNothing() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.dfc.algorithms.store.RunLease")
                .and()
                .doNotHaveFullyQualifiedName("io.dfc.algorithms.store.LeaseHolder")
                .should()
                .callMethodWhere(
                        target(name("now"))
                                .and(target(owner(assignableTo(Instant.class))))
                                .or(target(name("currentTimeMillis")))
                                .or(target(owner(assignableTo(Clock.class)))))
                .check(classes);
    }
}
