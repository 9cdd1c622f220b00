/** A backend whose provider cannot be made. */
module org.example.broken {
    requires io.dfc.api;
    provides io.dfc.api.spi.BackendProvider with org.example.broken.FailingProvider;
}
