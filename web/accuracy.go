package web

// topOnes are single-crop top-1 accuracies on ImageNet's validation set in per cent: those of torchvision's first weights
// ("IMAGENET1K_V1" in its documentation), and for MobileNet v1 those of its paper (arXiv:1704.04861, Tables 6 and 7).
var topOnes = map[string]float64{
	"alexnet": 56.522, "vgg11": 69.020, "vgg13": 69.928, "vgg16": 71.592, "vgg19": 72.376, "vgg16_bn": 73.360,
	"googlenet": 69.778, "inception_v3": 77.294,
	"resnet18": 69.758, "resnet34": 73.314, "resnet50": 76.130, "resnet101": 77.374, "resnet152": 78.312,
	"mobilenet_v1": 70.6, "mobilenet_v1_075": 68.4, "mobilenet_v1_050": 63.7, "mobilenet_v1_025": 50.6, "mobilenet_v2": 71.878,
	"densenet121": 74.434, "densenet161": 77.138, "densenet169": 75.600, "densenet201": 76.896,
	"efficientnet_b0": 77.692, "efficientnet_b1": 78.642, "efficientnet_b2": 80.608, "efficientnet_b3": 82.008,
	"efficientnet_b4": 83.384, "efficientnet_b5": 83.444, "efficientnet_b6": 84.008, "efficientnet_b7": 84.122,
}
